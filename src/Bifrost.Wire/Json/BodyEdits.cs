using System.Buffers;

namespace Bifrost.Wire.Json;

/// <summary>Changes to a body that do not overlap, written in one copy. The original stays as it is.</summary>
public sealed class BodyEdits
{
    private readonly List<(ByteRange At, ReadOnlyMemory<byte> Text)> _edits = [];
    private int _growth;

    public bool IsEmpty => _edits.Count == 0;

    /// <summary>Bytes that the edits add, at most.</summary>
    public int Growth => _growth;

    /// <param name="at">What goes; of no length to insert.</param>
    /// <param name="text">What comes; empty to cut out.</param>
    public void Replace(ByteRange at, ReadOnlyMemory<byte> text)
    {
        var place = _edits.Count;
        while (place > 0 && _edits[place - 1].At.Start > at.Start)
        {
            place--;
        }

        _edits.Insert(place, (at, text));
        _growth += text.Length;
    }

    public void Write(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        var from = 0;
        foreach (var (at, text) in _edits)
        {
            output.Write(body[from..at.Start]);
            output.Write(text.Span);
            from = at.End;
        }

        output.Write(body[from..]);
    }
}
