using System.Text;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>A stretch of an answer.</summary>
/// <param name="Reasoning">The model thinking aloud, not answering.</param>
/// <param name="Text">Never empty.</param>
public readonly record struct ThoughtPiece(bool Reasoning, string Text);

/// <summary>Separates a leading <c>&lt;think&gt;</c> block from the answer while it streams. Tags may be split anywhere; any chunking of the same
/// text gives the same reasoning and the same answer. White space around the block's content and after the block is dropped.
/// One stream, one splitter.</summary>
public sealed class ThinkSplitter
{
    private const string Open = "<think>";
    private const string Close = "</think>";

    private readonly bool _mayLackOpening;
    private readonly StringBuilder _held = new();
    private State _state;
    private bool _began;

    /// <param name="mayLackOpening">The text may begin inside the block (DeepSeek R1). Text without the opening tag is then held back until the
    /// closing tag shows that it was reasoning, or the end shows that it was the answer.</param>
    public ThinkSplitter(bool mayLackOpening = false) => _mayLackOpening = mayLackOpening;

    private enum State
    {
        /// <summary>White space, and perhaps a part of the opening tag.</summary>
        Undecided,

        /// <summary>No opening tag came; the closing one may.</summary>
        Holding,
        Thinking,

        /// <summary>White space after the block.</summary>
        Between,
        Answering,
    }

    /// <summary>Splits a whole text. No reasoning is null.</summary>
    public static (string? Reasoning, string Answer) Split(string text, bool mayLackOpening = false)
    {
        var splitter = new ThinkSplitter(mayLackOpening);
        var pieces = new List<ThoughtPiece>();
        splitter.Push(text, pieces);
        splitter.End(pieces);
        var reasoning = new StringBuilder();
        var answer = new StringBuilder();
        foreach (var piece in pieces)
        {
            (piece.Reasoning ? reasoning : answer).Append(piece.Text);
        }

        return (reasoning.Length == 0 ? null : reasoning.ToString(), answer.ToString());
    }

    /// <summary>Takes the next text and appends the pieces that are certain.</summary>
    public void Push(string text, ICollection<ThoughtPiece> pieces)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(pieces);
        for (var rest = text; rest is not null; )
        {
            rest = _state switch
            {
                State.Undecided => Decide(rest),
                State.Holding => Hold(rest, pieces),
                State.Thinking => Think(rest, pieces),
                State.Between => Skip(rest),
                _ => Answer(rest, pieces),
            };
        }
    }

    /// <summary>Called once at the end: appends what was held back.</summary>
    public void End(ICollection<ThoughtPiece> pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        var rest = TakeHeld();
        if (_state == State.Thinking)
        {
            Emit(true, rest.TrimEnd(), pieces);
        }
        else
        {
            Emit(false, rest, pieces);
        }
    }

    private string? Decide(string text)
    {
        var all = TakeHeld() + text;
        var seen = all.AsSpan().TrimStart();
        if (seen.StartsWith(Open, StringComparison.Ordinal))
        {
            _state = State.Thinking;
            return seen[Open.Length..].ToString();
        }

        if (Open.AsSpan().StartsWith(seen, StringComparison.Ordinal))
        {
            _held.Append(all);
            return null;
        }

        _state = _mayLackOpening ? State.Holding : State.Answering;
        return all;
    }

    private string? Hold(string text, ICollection<ThoughtPiece> pieces)
    {
        // Only the tail can complete the tag, so the whole is not searched again with each piece.
        var tail = Math.Max(0, _held.Length - Close.Length + 1);
        _held.Append(text);
        var at = _held.ToString(tail, _held.Length - tail).IndexOf(Close, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        var all = TakeHeld();
        Emit(true, all[..(tail + at)].Trim(), pieces);
        _state = State.Between;
        return all[(tail + at + Close.Length)..];
    }

    private string? Think(string text, ICollection<ThoughtPiece> pieces)
    {
        var all = TakeHeld() + text;
        if (!_began)
        {
            all = all.TrimStart();
        }

        var at = all.IndexOf(Close, StringComparison.Ordinal);
        if (at >= 0)
        {
            Emit(true, all[..at].TrimEnd(), pieces);
            _state = State.Between;
            return all[(at + Close.Length)..];
        }

        var certain = all.AsSpan(0, all.Length - PartOfTag(all)).TrimEnd();
        _held.Append(all.AsSpan(certain.Length));
        _began |= certain.Length > 0;
        Emit(true, certain.ToString(), pieces);
        return null;
    }

    private string? Skip(string text)
    {
        var rest = text.TrimStart();
        if (rest.Length == 0)
        {
            return null;
        }

        _state = State.Answering;
        return rest;
    }

    private static string? Answer(string text, ICollection<ThoughtPiece> pieces)
    {
        Emit(false, text, pieces);
        return null;
    }

    private static int PartOfTag(string text)
    {
        for (var length = Math.Min(Close.Length - 1, text.Length); length > 0; length--)
        {
            if (text.AsSpan(text.Length - length).SequenceEqual(Close.AsSpan(0, length)))
            {
                return length;
            }
        }

        return 0;
    }

    private string TakeHeld()
    {
        var held = _held.ToString();
        _held.Clear();
        return held;
    }

    private static void Emit(bool reasoning, string text, ICollection<ThoughtPiece> pieces)
    {
        if (text.Length > 0)
        {
            pieces.Add(new ThoughtPiece(reasoning, text));
        }
    }
}
