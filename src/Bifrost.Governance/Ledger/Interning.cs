using System.Runtime.InteropServices;
using Bifrost.Governance.Limits;

namespace Bifrost.Governance.Ledger;

/// <summary>What the current file of the journal has been told already: texts, calls and counters are written where they first occur and pointed to
/// after. A pointer is 0 for nothing, 1 for "here it comes, with this id", else the id plus 2. Used under the journal's lock.</summary>
internal sealed class Interning
{
    private const int MaxText = 512;
    private static long _lastGeneration;
    private readonly Dictionary<string, int> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<int, Slot> _slots = [];
    private long _generation = Interlocked.Increment(ref _lastGeneration);
    private int _nextText;
    private int _nextSlot;
    private int _nextTemplate;

    /// <summary>A definition may not have been written: all are written again when they next occur. Ids are not used twice in a file.</summary>
    public void Forget()
    {
        _texts.Clear();
        _slots.Clear();
        _generation = Interlocked.Increment(ref _lastGeneration);
    }

    public void BeginFile()
    {
        Forget();
        (_nextText, _nextSlot, _nextTemplate) = (0, 0, 0);
    }

    public void Template(RecordWriter writer, CallTemplate template)
    {
        if (template.Defined.Generation == _generation)
        {
            writer.Unsigned((ulong)template.Defined.Id + 2);
            return;
        }

        template.Defined = new DefinedAt(_generation, _nextTemplate);
        Define(writer, ref _nextTemplate);
        CallFields.Write(writer, this, template.Call);
    }

    /// <summary>For calls that are not pointed to again.</summary>
    public void Once(RecordWriter writer, CallRecord call)
    {
        Define(writer, ref _nextTemplate);
        CallFields.Write(writer, this, call);
    }

    public void Text(RecordWriter writer, string? text)
    {
        if (text is null)
        {
            writer.Unsigned(0);
            return;
        }

        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(_texts, text, out var known);
        if (known)
        {
            writer.Unsigned((ulong)id + 2);
            return;
        }

        id = _nextText;
        Define(writer, ref _nextText);
        writer.Text(text);
    }

    public void CutText(RecordWriter writer, string? text) => Text(writer, text is { Length: > MaxText } ? text[..MaxText] : text);

    /// <summary>A counter with its period and epoch.</summary>
    public void Meter(RecordWriter writer, in MeterCharge charge)
    {
        ref var slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, charge.Meter.Number, out var known);
        if (known && slot.PeriodStart == charge.PeriodStart && slot.Epoch == charge.Epoch && ReferenceEquals(slot.Meter, charge.Meter.Id))
        {
            writer.Unsigned((ulong)slot.Id + 2);
            return;
        }

        slot = new Slot(charge.Meter.Id, charge.PeriodStart, charge.Epoch, _nextSlot);
        Meter(writer, charge.Meter.Id, charge.PeriodStart, charge.Epoch);
    }

    public void Meter(RecordWriter writer, string meter, long periodStart, int epoch)
    {
        Define(writer, ref _nextSlot);
        // Not remembered: only counters have this text, and from now on they are pointed to.
        Define(writer, ref _nextText);
        writer.Text(meter);
        writer.Signed(periodStart);
        writer.Signed(epoch);
    }

    private static void Define(RecordWriter writer, ref int next)
    {
        writer.Unsigned(1);
        writer.Unsigned((ulong)next++);
    }

    private readonly record struct Slot(string Meter, long PeriodStart, int Epoch, int Id);
}
