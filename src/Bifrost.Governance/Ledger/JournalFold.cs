using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Ledger;

/// <summary>Reads the records of a journal in their order and knows, at each place, which calls are open. The reading side of
/// <see cref="JournalRecords"/>. One thread.</summary>
internal sealed class JournalFold(Guid journal)
{
    private readonly ulong _idPart = HoldIds.PartOf(journal);
    private readonly Dictionary<long, HeldCall> _open = [];
    private readonly List<long> _spurious = [];
    private readonly Definitions _definitions = new();
    private SegmentHeader _base;
    private int _chapter;
    private long? _oldestNumber;

    /// <summary>Old files are read: there may be holds whose own file is gone.</summary>
    public bool Replaying { get; set; }

    public IReadOnlyDictionary<long, HeldCall> Open => _open;

    /// <summary>Carries that came after their call was over, to be taken back.</summary>
    public List<long> Spurious => _spurious;

    /// <summary>Above every number read.</summary>
    public long NextNumber { get; private set; }

    /// <summary>Settled and released calls read.</summary>
    public long Ended { get; set; }

    /// <summary>Records that could not be read, as far as they can be counted.</summary>
    public int Damaged { get; set; }

    public void BeginFile(SegmentHeader header)
    {
        _base = header;
        _definitions.Forget();
        _chapter = 0;
        _oldestNumber ??= header.BaseNumber;
        NextNumber = Math.Max(NextNumber, header.BaseNumber);
    }

    /// <summary>What is to be stored because of this record, or null.</summary>
    /// <param name="payload">The record.</param>
    /// <param name="offset">Where in the file it begins.</param>
    public SettledCall? Apply(ReadOnlySpan<byte> payload, int offset)
    {
        if (offset / JournalRecords.Chapter != _chapter)
        {
            _chapter = offset / JournalRecords.Chapter;
            _definitions.Forget();
        }

        var reader = new RecordReader(payload);
        var type = (RecordType)reader.Byte();
        var number = _base.BaseNumber + reader.Signed();
        var result = type switch
        {
            RecordType.Hold or RecordType.Carry => Hold(type, number, ref reader),
            RecordType.Settle => Settle(number, ref reader),
            RecordType.Release => Release(number, ref reader),
            _ => Void(number),
        };
        if (reader.Broken)
        {
            Damaged++;
            return null;
        }

        NextNumber = Math.Max(NextNumber, number + 1);
        return result;
    }

    private SettledCall? Hold(RecordType type, long number, ref RecordReader reader)
    {
        var at = _base.BaseTime + reader.Signed();
        var requestId = reader.Text();
        var cost = reader.Signed();
        var template = _definitions.Template(ref reader);
        var estimate = HeldCharges(ref reader);
        if (reader.Broken || template is null || (type == RecordType.Carry && !Accept(number)))
        {
            return null;
        }

        var call = template with { RequestId = requestId, At = DateTimeOffset.FromUnixTimeMilliseconds(at) };
        _open[number] = new HeldCall(number, at, call, cost, estimate) { Segment = _base.Segment };
        return null;
    }

    /// <summary>Whether a carry stands for a call that is open.</summary>
    private bool Accept(long number)
    {
        if (_open.ContainsKey(number))
        {
            return true;
        }

        if (!Replaying)
        {
            _spurious.Add(number);
            return false;
        }

        // Not open, and its hold would have been read: it is over. Where something is damaged it is better to charge a call that the store
        // then knows already than to lose one.
        return Damaged > 0 || number < _oldestNumber;
    }

    private SettledCall? Settle(long number, ref RecordReader reader)
    {
        var heldAt = _base.BaseTime + reader.Signed();
        var settledAt = heldAt + reader.Signed();
        var flags = reader.Byte();
        var cost = reader.Signed();
        var priceVersion = _definitions.Text(ref reader);
        var usage = SettleFlags.HasUsage(flags) ? UsageFields.Read(ref reader) : null;
        var charges = Charges(ref reader);
        Ended++;
        if (reader.Broken)
        {
            return null;
        }

        var id = HoldIds.Make(_idPart, heldAt, number);
        if (!_open.Remove(number, out var held))
        {
            // Its hold was damaged or it is settled for a second time: the store knows by the id.
            return new SettledCall(id, null, charges);
        }

        var entry = new LedgerEntry
        {
            Id = id,
            Call = held.Call,
            SettledAt = DateTimeOffset.FromUnixTimeMilliseconds(settledAt),
            Outcome = SettleFlags.OutcomeOf(flags),
            Usage = usage,
            Cost = cost,
            Estimated = SettleFlags.IsEstimated(flags),
            Unpriced = SettleFlags.IsUnpriced(flags),
            PriceVersion = priceVersion,
        };
        return new SettledCall(id, entry, charges);
    }

    private SettledCall? Release(long number, ref RecordReader reader)
    {
        var heldAt = _base.BaseTime + reader.Signed();
        var charges = Charges(ref reader);
        Ended++;
        if (reader.Broken)
        {
            return null;
        }

        _open.Remove(number);
        return charges.Count == 0 ? null : new SettledCall(HoldIds.Make(_idPart, heldAt, number), null, charges);
    }

    private SettledCall? Void(long number)
    {
        _open.Remove(number);
        return null;
    }

    private HeldCharge[] HeldCharges(ref RecordReader reader)
    {
        var count = reader.Count();
        var charges = count == 0 ? [] : new HeldCharge[count];
        for (var i = 0; i < count && !reader.Broken; i++)
        {
            var counter = _definitions.Meter(ref reader);
            var amount = reader.Signed();
            if (counter is not null)
            {
                charges[i] = new HeldCharge(counter, amount);
            }
        }

        return charges;
    }

    private List<CounterState> Charges(ref RecordReader reader)
    {
        var count = reader.Count();
        if (count == 0)
        {
            return [];
        }

        var charges = new List<CounterState>(Math.Min(count, 64));
        for (var i = 0; i < count && !reader.Broken; i++)
        {
            var slot = _definitions.Meter(ref reader);
            var amount = reader.Signed();
            if (slot is not null)
            {
                charges.Add(new CounterState(slot.Meter, slot.PeriodStart, slot.Epoch, amount));
            }
        }

        return charges;
    }
}
