using System.Runtime.InteropServices;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Schema;

namespace Bifrost.Storage.Stores;

/// <summary>
/// What makes a call count once is its hold's id: it is in the ledger, or among the releases, and whatever is there already brings no charges again. The
/// journal's position is not used for that: a reader that does not know whether its last batch arrived may come back with a larger one from the same
/// beginning.
/// </summary>
/// <param name="database">Where it is kept.</param>
/// <param name="window">Lines that a page with filters looks at, at most.</param>
internal sealed class LedgerStore(Database database, int window = LedgerStore.Window) : ILedgerStore
{
    // A tenth of a second. Indexes by owner, provider and model would find rare ones at once, but cost every call more than all the rest of its line.
    private const int Window = 50_000;
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
                await WriteAsync(session, batch, before, calls);
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

    public async Task<LedgerPage> EntriesAsync(LedgerQuery query, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, MaxPage);
        return await database.ReadAsync(session => PageAsync(session, query), cancel);
    }

    private async Task WriteAsync(Session session, LedgerBatch batch, JournalPosition? before, Dictionary<Guid, SettledCall> calls)
    {
        var entries = calls.Values.Where(call => call.Entry is not null).Select(call => LedgerRows.ToRow(call.Entry!)).ToList();
        var released = calls.Values.Where(call => call.Entry is null).Select(call => call.HoldId).ToList();
        var known = await database.KnownHoldsAsync(session, released);
        await database.InsertReleasesAsync(session, batch.Journal, batch.Position.Segment, released.FindAll(hold => !known.Contains(hold)));
        known.UnionWith(await database.InsertLedgerAsync(session, entries));
        foreach (var hold in known)
        {
            calls.Remove(hold);
        }

        await database.AddToCountersAsync(session, Sum(calls.Values));
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
    private static List<CounterState> Sum(Dictionary<Guid, SettledCall>.ValueCollection calls)
    {
        var sums = new Dictionary<string, CounterState>();
        foreach (var call in calls)
        {
            for (var i = 0; i < call.Charges.Count; i++)
            {
                var charge = call.Charges[i];
                charge = charge with { MeterId = Words.Key(charge.MeterId) };
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, charge.MeterId, out var known);
                var later = known ? (charge.Epoch, charge.PeriodStart).CompareTo((sum.Epoch, sum.PeriodStart)) : 1;
                if (later >= 0)
                {
                    sum = later == 0 ? sum with { Used = checked(sum.Used + charge.Used) } : charge;
                }
            }
        }

        return [.. sums.Values.OrderBy(sum => sum.MeterId, StringComparer.Ordinal)];
    }

    private async Task<LedgerPage> PageAsync(Session session, LedgerQuery query)
    {
        var values = new List<(string Name, object? Value)> { ("@limit", query.Limit), ("@window", window) };
        var stretch = new List<string>();
        Where(stretch, "at >=", "@from", query.From is { } from ? Moments.Write(from) : null);
        Where(stretch, "at <", "@to", query.To is { } to ? Moments.Write(to) : null);
        if (query.After is { } after)
        {
            var id = database.IdValue(after);
            if (await session.ScalarAsync("SELECT at FROM ledger WHERE id = @after", ("@after", id)) is not long at)
            {
                return new LedgerPage([], null);
            }

            stretch.Add($"(at, id) {(query.OldestFirst ? '>' : '<')} (@after_at, @after)");
            values.AddRange([("@after_at", at), ("@after", id)]);
        }

        var filters = new List<string>();
        Where(filters, "virtual_key_id =", "@virtual_key", query.VirtualKeyId);
        Where(filters, "team_id =", "@team", query.TeamId);
        Where(filters, "business_unit_id =", "@business_unit", query.BusinessUnitId);
        Where(filters, "customer_id =", "@customer", query.CustomerId);
        Where(filters, "user_id =", "@user", query.UserId);
        Where(filters, "provider =", "@provider", query.Provider);
        Where(filters, "sent_model =", "@model", query.Model);

        var order = query.OldestFirst ? "ORDER BY at ASC, id ASC" : "ORDER BY at DESC, id DESC";
        var within = $"FROM ledger{All(stretch)} {order}";
        var source = filters.Count == 0 ? within : $"FROM (SELECT * {within} LIMIT @window) AS looked_at{All(filters)} {order}";
        var rows = await session.QueryAsync(
            $"SELECT {LedgerColumns.Names} {source} LIMIT @limit",
            reader => LedgerRows.Read(reader, database.ReadId(reader, 0)),
            [.. values]
        );
        if (rows.Count < query.Limit && filters.Count > 0)
        {
            var last = await session.QueryAsync(
                $"SELECT id {within} LIMIT 1 OFFSET @window - 1",
                reader => database.ReadId(reader, 0),
                [.. values]
            );
            return new LedgerPage(rows.ConvertAll(LedgerRows.ToEntry), last.Count > 0 ? last[0] : null);
        }

        return new LedgerPage(rows.ConvertAll(LedgerRows.ToEntry), rows.Count == query.Limit ? rows[^1].Id : null);

        void Where(List<string> conditions, string condition, string name, object? value)
        {
            if (value is not null)
            {
                conditions.Add($"{condition} {name}");
                values.Add((name, value));
            }
        }

        static string All(List<string> conditions) => conditions.Count > 0 ? " WHERE " + string.Join(" AND ", conditions) : "";
    }
}
