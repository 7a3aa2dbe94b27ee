using System.Text;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Puts the pieces of a reply together.</summary>
internal static class WholeReply
{
    /// <summary>The whole reply, or the fault that ended it. Throws only when <paramref name="cancel"/> is cancelled.</summary>
    public static async Task<Outcome<Reply>> GatherAsync(IAsyncEnumerable<ReplyDelta> deltas, int choices, CancellationToken cancel)
    {
        ReplyStarted? started = null;
        Usage? usage = null;
        var text = new Gathered[choices];
        var reasoning = new Gathered[choices];
        var finishes = new FinishReason?[choices];
        await foreach (var delta in deltas.WithCancellation(cancel))
        {
            switch (delta)
            {
                case ReplyStarted start:
                    started = start;
                    break;
                case TextPiece piece:
                    text[piece.Choice].Append(piece.Text);
                    break;
                case ReasoningPiece piece:
                    reasoning[piece.Choice].Append(piece.Text);
                    break;
                case ChoiceFinished finished:
                    finishes[finished.Choice] = finished.Finish;
                    break;
                case UsageKnown known:
                    usage = known.Usage;
                    break;
                case ReplyFailed failed:
                    return failed.Fault;
            }
        }

        return new Reply
        {
            Id = started!.Id,
            CreatedAt = started.CreatedAt,
            Model = started.Model,
            Choices = [.. Enumerable.Range(0, choices).Select(i => new Choice(i, Blocks(reasoning[i], text[i]), finishes[i]))],
            Usage = usage,
        };
    }

    /// <summary>Reasoning first, when there is any; the text always, even empty.</summary>
    public static IReadOnlyList<Block> Blocks(string? reasoning, string text) =>
        string.IsNullOrEmpty(reasoning) ? [new TextBlock(text)] : [new ReasoningBlock(reasoning), new TextBlock(text)];

    private static IReadOnlyList<Block> Blocks(in Gathered reasoning, in Gathered text) => Blocks(reasoning.ToString(), text.ToString());

    /// <summary>Text from pieces, of which there is often one only.</summary>
    private struct Gathered
    {
        private string? _first;
        private StringBuilder? _all;

        public void Append(string piece)
        {
            if (_first is null)
            {
                _first = piece;
                return;
            }

            _all ??= new StringBuilder(_first);
            _all.Append(piece);
        }

        public override readonly string ToString() => _all?.ToString() ?? _first ?? "";
    }
}
