using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Schema;
using Microsoft.EntityFrameworkCore;

namespace Bifrost.Storage.Stores;

/// <summary>
/// What makes a call count once is its hold's id: it is in the ledger, or among the releases, and whatever is there already brings no charges again. The
/// journal's position is not used for that: a reader that does not know whether its last batch arrived may come back with a larger one from the same
/// beginning.
/// </summary>
internal sealed class LedgerStore(Database database) : ILedgerStore
{
    private const int MaxPage = 1000;

    public Task AppendAsync(LedgerBatch batch, CancellationToken cancel)
    {
        var calls = new Dictionary<Guid, SettledCall>(batch.Calls.Count);
        foreach (var call in batch.Calls)
        {
            if (call.Entry is { } entry && entry.Id != call.HoldId)
            {
                throw new ArgumentException($"The entry {entry.Id} claims the hold {call.HoldId}.", nameof(batch));
            }

            calls.TryAdd(call.HoldId, call);
        }

        return database.WriteAsync(
            async session =>
            {
                var before = await database.LockJournalAsync(session, batch.Journal);
                foreach (var known in await database.KnownHoldsAsync(session, calls.Keys))
                {
                    calls.Remove(known);
                }

                await WriteAsync(session, batch, before, calls.Values);
                return true;
            },
            cancel
        );
    }

    public Task<JournalPosition?> PositionAsync(string journal, CancellationToken cancel) =>
        database.ReadAsync(
            async session => (await session.QueryAsync(LedgerSql.Position, LedgerSql.ReadPosition, ("@journal", journal))).FirstOrDefault(),
            cancel
        );

    public async Task<IReadOnlyList<CounterState>> CountersAsync(CancellationToken cancel) =>
        await database.ReadAsync(session => session.QueryAsync(LedgerSql.Counters, LedgerSql.ReadCounter), cancel);

    public async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(LedgerQuery query, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, MaxPage);
        var rows = await database.QueryAsync(context => PageAsync(context, query, cancel), cancel);
        return rows.ConvertAll(LedgerRows.ToEntry);
    }

    private async Task WriteAsync(Session session, LedgerBatch batch, JournalPosition? before, IReadOnlyCollection<SettledCall> calls)
    {
        await database.InsertLedgerAsync(
            session,
            calls.Where(call => call.Entry is not null).Select(call => LedgerRows.ToRow(call.Entry!)).ToList()
        );
        await database.InsertReleasesAsync(
            session,
            batch.Journal,
            batch.Position.Segment,
            calls.Where(call => call.Entry is null).Select(call => call.HoldId).ToList()
        );
        await database.AddToCountersAsync(session, Sum(calls));
        await session.ExecuteAsync(
            LedgerSql.SetPosition,
            ("@journal", batch.Journal),
            ("@segment", batch.Position.Segment),
            ("@position", batch.Position.Offset)
        );
        if (before is not null && before.Segment < batch.Position.Segment)
        {
            // Its reader knows by now that everything before the segment of the last batch has arrived, and will not repeat it.
            await session.ExecuteAsync(LedgerSql.ForgetReleases, ("@journal", batch.Journal), ("@segment", before.Segment));
        }
    }

    /// <summary>One amount for each meter, by the rule the counters follow; in order of their ids, so that two gateways never wait for each other in a circle.</summary>
    private static List<CounterState> Sum(IEnumerable<SettledCall> calls)
    {
        var sums = new Dictionary<string, CounterState>();
        foreach (var charged in calls.SelectMany(call => call.Charges))
        {
            var charge = charged with { MeterId = Words.Key(charged.MeterId) };
            var later = sums.TryGetValue(charge.MeterId, out var sum)
                ? (charge.Epoch, charge.PeriodStart).CompareTo((sum.Epoch, sum.PeriodStart))
                : 1;
            if (later >= 0)
            {
                sums[charge.MeterId] = later == 0 ? sum! with { Used = checked(sum.Used + charge.Used) } : charge;
            }
        }

        return [.. sums.Values.OrderBy(sum => sum.MeterId, StringComparer.Ordinal)];
    }

    private static async Task<List<LedgerRow>> PageAsync(StoreContext context, LedgerQuery query, CancellationToken cancel)
    {
        var rows = context.Ledger.AsNoTracking();
        rows = query.VirtualKeyId is { } key ? rows.Where(row => row.VirtualKeyId == key) : rows;
        rows = query.TeamId is { } team ? rows.Where(row => row.TeamId == team) : rows;
        rows = query.BusinessUnitId is { } unit ? rows.Where(row => row.BusinessUnitId == unit) : rows;
        rows = query.CustomerId is { } customer ? rows.Where(row => row.CustomerId == customer) : rows;
        rows = query.UserId is { } user ? rows.Where(row => row.UserId == user) : rows;
        rows = query.Provider is { } provider ? rows.Where(row => row.Provider == provider) : rows;
        rows = query.Model is { } model ? rows.Where(row => row.SentModel == model) : rows;
        if (query.From is { } from)
        {
            var first = Moments.Write(from);
            rows = rows.Where(row => row.At >= first);
        }

        if (query.To is { } to)
        {
            var end = Moments.Write(to);
            rows = rows.Where(row => row.At < end);
        }

        if (query.After is { } after)
        {
            var last = await context.Ledger.Where(row => row.Id == after).Select(row => (long?)row.At).SingleOrDefaultAsync(cancel);
            if (last is not { } at)
            {
                return [];
            }

            // The first half alone would do; it is what lets an index be entered in the right place.
            rows = query.OldestFirst
                ? rows.Where(row => row.At >= at && (row.At > at || row.Id.CompareTo(after) > 0))
                : rows.Where(row => row.At <= at && (row.At < at || row.Id.CompareTo(after) < 0));
        }

        var ordered = query.OldestFirst
            ? rows.OrderBy(row => row.At).ThenBy(row => row.Id)
            : rows.OrderByDescending(row => row.At).ThenByDescending(row => row.Id);
        return await ordered.Take(query.Limit).ToListAsync(cancel);
    }
}
