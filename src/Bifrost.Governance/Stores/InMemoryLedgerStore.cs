using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;

namespace Bifrost.Governance.Stores;

/// <summary>For a gateway without a database: counters for as long as the process lives, and the newest calls.</summary>
public sealed class InMemoryLedgerStore : ILedgerStore
{
    private readonly Lock _gate = new();
    private readonly int _keep;
    private readonly Dictionary<string, JournalPosition> _positions = [];
    private readonly Dictionary<string, CounterState> _counters = [];
    private readonly Dictionary<Guid, LedgerEntry?> _calls = [];
    private readonly Queue<Guid> _order = new();

    /// <param name="keep">Calls that are kept and known again; the oldest go first.</param>
    public InMemoryLedgerStore(int keep = 10_000)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, 1);
        _keep = keep;
    }

    /// <inheritdoc/>
    public Task AppendAsync(LedgerBatch batch, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(batch);
        cancel.ThrowIfCancellationRequested();
        lock (_gate)
        {
            // A batch that was stored before: some of its ids may have been forgotten since.
            if (_positions.TryGetValue(batch.Journal, out var position) && !IsBehind(position, batch.Position))
            {
                return Task.CompletedTask;
            }

            foreach (var call in batch.Calls)
            {
                Add(call);
            }

            _positions[batch.Journal] = batch.Position;
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<JournalPosition?> PositionAsync(string journal, CancellationToken cancel)
    {
        lock (_gate)
        {
            return Task.FromResult(_positions.GetValueOrDefault(journal));
        }
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<CounterState>> CountersAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<CounterState>>([.. _counters.Values]);
        }
    }

    /// <inheritdoc/>
    public Task<LedgerPage> EntriesAsync(LedgerQuery query, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(query);
        lock (_gate)
        {
            var ordered = (query.OldestFirst ? _order : _order.Reverse()).Select(id => _calls[id]).OfType<LedgerEntry>();
            if (query.After is { } after)
            {
                ordered = ordered.SkipWhile(entry => entry.Id != after).Skip(1);
            }

            List<LedgerEntry> page = [.. ordered.Where(entry => Matches(query, entry)).Take(query.Limit)];
            return Task.FromResult(new LedgerPage(page, page.Count == query.Limit ? page[^1].Id : null));
        }
    }

    private static bool IsBehind(JournalPosition one, JournalPosition other) =>
        one.Segment < other.Segment || (one.Segment == other.Segment && one.Offset < other.Offset);

    private void Add(SettledCall call)
    {
        if (!_calls.TryAdd(call.HoldId, call.Entry))
        {
            return;
        }

        _order.Enqueue(call.HoldId);
        if (_order.Count > _keep)
        {
            _calls.Remove(_order.Dequeue());
        }

        foreach (var charge in call.Charges)
        {
            _counters[charge.MeterId] = _counters.TryGetValue(charge.MeterId, out var now) ? Sum(now, charge) : charge;
        }
    }

    /// <summary>A later period or epoch begins anew; what is charged to an earlier one no longer counts.</summary>
    private static CounterState Sum(CounterState now, CounterState charge) =>
        (charge.PeriodStart, charge.Epoch).CompareTo((now.PeriodStart, now.Epoch)) switch
        {
            0 => now with { Used = now.Used + charge.Used },
            > 0 => charge,
            _ => now,
        };

    private static bool Matches(LedgerQuery query, LedgerEntry entry) =>
        (query.VirtualKeyId ?? entry.Call.VirtualKeyId) == entry.Call.VirtualKeyId
        && (query.TeamId ?? entry.Call.TeamId) == entry.Call.TeamId
        && (query.BusinessUnitId ?? entry.Call.BusinessUnitId) == entry.Call.BusinessUnitId
        && (query.CustomerId ?? entry.Call.CustomerId) == entry.Call.CustomerId
        && (query.UserId ?? entry.Call.UserId) == entry.Call.UserId
        && (query.Provider ?? entry.Call.Provider) == entry.Call.Provider
        && (query.Model is null || query.Model == entry.Call.AskedModel || query.Model == entry.Call.SentModel)
        && (query.From is null || entry.Call.At >= query.From)
        && (query.To is null || entry.Call.At < query.To);
}
