namespace Bifrost.Governance.Ledger;

/// <summary>The reading side of <see cref="Interning"/>: what one chapter of a file has defined so far.</summary>
internal sealed class Definitions
{
    private readonly Dictionary<ulong, string> _texts = [];
    private readonly Dictionary<ulong, CallRecord> _templates = [];
    private readonly Dictionary<ulong, Slot> _slots = [];

    /// <summary>Nothing is pointed to any more, and all that was defined can go.</summary>
    public void Forget()
    {
        _texts.Clear();
        _templates.Clear();
        _slots.Clear();
    }

    public string? Text(ref RecordReader reader)
    {
        switch (reader.Unsigned())
        {
            case 0:
                return null;
            case 1:
                var id = reader.Unsigned();
                return _texts[id] = reader.Text();
            case var pointer:
                return Known(_texts, pointer, ref reader);
        }
    }

    /// <summary>Null when it cannot be known; the reader is broken then.</summary>
    public CallRecord? Template(ref RecordReader reader)
    {
        if (reader.Unsigned() is var pointer && pointer != 1)
        {
            return Known(_templates, pointer, ref reader);
        }

        var id = reader.Unsigned();
        return _templates[id] = CallFields.Read(ref reader, this);
    }

    public Slot? Meter(ref RecordReader reader)
    {
        if (reader.Unsigned() is var pointer && pointer != 1)
        {
            return Known(_slots, pointer, ref reader);
        }

        var id = reader.Unsigned();
        return _slots[id] = new Slot(Text(ref reader) ?? "", reader.Signed(), (int)reader.Signed());
    }

    private static T? Known<T>(Dictionary<ulong, T> defined, ulong pointer, ref RecordReader reader)
        where T : class
    {
        // Its definition was in a part that is damaged, or there never was one (0).
        if (!defined.TryGetValue(pointer - 2, out var value))
        {
            reader.Break();
        }

        return value;
    }

    public sealed record Slot(string Meter, long PeriodStart, int Epoch);
}
