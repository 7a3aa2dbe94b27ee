using Bifrost.Governance.Limits;

namespace Bifrost.Governance.Ledger;

/// <summary>The records of a journal, as they are written. The reading side is <see cref="JournalFold"/>; a change here is a change there.</summary>
internal sealed class JournalRecords
{
    /// <summary>Bytes of a file in which definitions are pointed to: a record points to nothing that was defined by one that began in an earlier chapter. So
    /// damage costs the calls of one chapter at most, and who reads keeps the definitions of one.</summary>
    public const int Chapter = 128 * 1024;

    private readonly RecordWriter _writer = new();
    private readonly Interning _interning = new();
    private SegmentHeader _base;

    public Span<byte> Record => _writer.Record;

    /// <summary>A file begins: nothing is defined in it.</summary>
    public void BeginFile(SegmentHeader header)
    {
        _base = header;
        _interning.BeginFile();
    }

    /// <summary>What was defined before is not pointed to from now on.</summary>
    public void BeginChapter() => _interning.Forget();

    /// <summary>The last record was not written.</summary>
    public void Unwritten() => _interning.Forget();

    public void Hold(long number, long at, string requestId, CallTemplate template, long cost, ReadOnlySpan<MeterCharge> estimate)
    {
        BeginHold(RecordType.Hold, number, at, requestId, cost);
        _interning.Template(_writer, template);
        Charges(estimate);
    }

    public void Carry(HeldCall held)
    {
        BeginHold(RecordType.Carry, held.Number, held.At, held.Call.RequestId, held.EstimatedCost);
        _interning.Once(_writer, held.Call);
        Charges(held.Estimate);
    }

    public void Settle(long number, long heldAt, in Settlement settlement, ReadOnlySpan<MeterCharge> charges)
    {
        BeginEnd(number, heldAt, settlement);
        Charges(charges);
    }

    /// <summary>Charges a call at its estimate: nothing more will be heard of it.</summary>
    public void Recover(HeldCall held, DateTimeOffset now)
    {
        BeginEnd(
            held.Number,
            held.At,
            new Settlement
            {
                At = now,
                Outcome = LedgerOutcome.Recovered,
                Cost = held.EstimatedCost,
                Estimated = true,
            }
        );
        Charges(held.Estimate);
    }

    public void Release(long number, long heldAt, ReadOnlySpan<MeterCharge> charges)
    {
        _writer.Begin(RecordType.Release);
        _writer.Signed(number - _base.BaseNumber);
        _writer.Signed(heldAt - _base.BaseTime);
        Charges(charges);
    }

    public void Void(long number)
    {
        _writer.Begin(RecordType.Void);
        _writer.Signed(number - _base.BaseNumber);
    }

    private void BeginHold(RecordType type, long number, long at, string requestId, long cost)
    {
        _writer.Begin(type);
        _writer.Signed(number - _base.BaseNumber);
        _writer.Signed(at - _base.BaseTime);
        _writer.Text(requestId.AsSpan(0, Math.Min(requestId.Length, 512)));
        _writer.Signed(cost);
    }

    private void BeginEnd(long number, long heldAt, in Settlement settlement)
    {
        _writer.Begin(RecordType.Settle);
        _writer.Signed(number - _base.BaseNumber);
        _writer.Signed(heldAt - _base.BaseTime);
        _writer.Signed(settlement.At.ToUnixTimeMilliseconds() - heldAt);
        _writer.Byte(SettleFlags.Of(settlement));
        _writer.Signed(settlement.Cost);
        _interning.CutText(_writer, settlement.PriceVersion);
        if (settlement.Usage is { } usage)
        {
            UsageFields.Write(_writer, usage);
        }
    }

    private void Charges(ReadOnlySpan<MeterCharge> charges)
    {
        _writer.Unsigned((ulong)charges.Length);
        foreach (ref readonly var charge in charges)
        {
            _interning.Meter(_writer, charge);
            _writer.Signed(charge.Amount);
        }
    }

    private void Charges(HeldCharge[] charges)
    {
        _writer.Unsigned((ulong)charges.Length);
        foreach (var (counter, amount) in charges)
        {
            _interning.Meter(_writer, counter.Meter, counter.PeriodStart, counter.Epoch);
            _writer.Signed(amount);
        }
    }
}
