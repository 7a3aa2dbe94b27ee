using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Stores;
using Bifrost.Testing.Stores;

namespace Bifrost.Storage.Tests;

public sealed class SqliteLedgerStoreTests() : LedgerStoreTests(DatabaseKind.Sqlite);

public sealed class PostgresLedgerStoreTests() : LedgerStoreTests(DatabaseKind.Postgres);

public abstract class LedgerStoreTests(DatabaseKind kind) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private StorePlace _place = null!;
    private GatewayStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        _place = await StorePlace.FreshAsync(kind);
        _store = await _place.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _store.DisposeAsync();
        await _place.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task An_entry_comes_back_with_every_field()
    {
        var entry = Calls.Full();
        await AppendAsync(1, Calls.Settled(entry));

        Assert.Equal(entry, Assert.Single(await EntriesAsync()));
    }

    [Fact]
    public async Task What_is_not_known_comes_back_as_not_known()
    {
        var entry = Calls.Bare();
        await AppendAsync(1, Calls.Settled(entry));

        var kept = Assert.Single(await EntriesAsync());
        Assert.Equal(entry, kept);
        Assert.Null(kept.Usage);
    }

    [Theory]
    [InlineData(LedgerOutcome.Succeeded)]
    [InlineData(LedgerOutcome.Failed)]
    [InlineData(LedgerOutcome.Cancelled)]
    [InlineData(LedgerOutcome.Recovered)]
    public async Task Every_outcome_can_be_kept(LedgerOutcome outcome)
    {
        await AppendAsync(1, Calls.Settled(Calls.Bare() with { Outcome = outcome }));

        Assert.Equal(outcome, Assert.Single(await EntriesAsync()).Outcome);
    }

    [Fact]
    public async Task Text_that_a_database_would_refuse_is_mended_and_holds_nobody_up()
    {
        // Half a pair would not survive in an attribute.
        var sent = $"a\0b {(char)0xD800} c";
        const string kept = "a\uFFFDb \uFFFD c";
        var entry = Calls.Full();
        await AppendAsync(1, Calls.Settled(entry with { Call = entry.Call with { AskedModel = sent } }, Charge(sent, 1)));

        Assert.Equal(kept, Assert.Single(await EntriesAsync()).Call.AskedModel);
        Assert.Equal([Charge(kept, 1)], await CountersAsync());
    }

    [Fact]
    public async Task Text_of_any_length_is_taken_and_long_counters_stay_apart()
    {
        // Random, or PostgreSQL would compress it below its limit.
        var endless = Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(50_000));
        var entry = Calls.Full();
        await AppendAsync(
            1,
            Calls.Settled(
                entry with
                {
                    Call = entry.Call with { SentModel = endless, UserId = endless, Dimensions = endless },
                },
                Charge(endless, 1),
                Charge(endless + "x", 2)
            )
        );

        Assert.Equal(endless[..500], Assert.Single(await EntriesAsync()).Call.SentModel);
        Assert.Equal([1, 2], (await CountersAsync()).Select(counter => counter.Used).Order());
    }

    [Fact]
    public async Task Charges_of_many_calls_add_up()
    {
        await AppendAsync(1, Calls.Settled(Calls.Bare(), Charge("a", 5), Charge("b", 1)), Calls.Settled(Calls.Bare(), Charge("a", 7)));
        await AppendAsync(2, Calls.Settled(Calls.Bare(), Charge("a", 11)));

        Assert.Equal([Charge("a", 23), Charge("b", 1)], await CountersAsync());
    }

    [Fact]
    public async Task A_repeated_batch_changes_nothing()
    {
        var batch = Calls.Batch(
            new(1, 100),
            Calls.Settled(Calls.Full(), Charge("a", 5)),
            Calls.Released(Guid.CreateVersion7(), Charge("requests", 1))
        );
        await _store.Ledger.AppendAsync(batch, None);
        await _store.Ledger.AppendAsync(batch, None);

        Assert.Equal([Charge("a", 5), Charge("requests", 1)], await CountersAsync());
        Assert.Single(await EntriesAsync());
    }

    [Fact]
    public async Task A_larger_batch_from_the_same_beginning_adds_only_what_is_new()
    {
        var first = Calls.Settled(Calls.Full(), Charge("a", 5));
        var released = Calls.Released(Guid.CreateVersion7(), Charge("a", 1));
        await AppendAsync(100, first, released);
        await AppendAsync(
            200,
            first,
            released,
            Calls.Settled(Calls.Bare(), Charge("a", 10)),
            Calls.Released(Guid.CreateVersion7(), Charge("a", 100))
        );

        Assert.Equal([Charge("a", 116)], await CountersAsync());
        Assert.Equal(2, (await EntriesAsync()).Count);
    }

    [Fact]
    public async Task A_hold_twice_in_one_batch_counts_once()
    {
        var call = Calls.Settled(Calls.Full(), Charge("a", 5));
        var released = Calls.Released(Guid.CreateVersion7(), Charge("a", 1));
        await AppendAsync(100, call, released, call, released);

        Assert.Equal([Charge("a", 6)], await CountersAsync());
    }

    [Fact]
    public async Task A_hold_that_was_released_cannot_be_settled_and_one_settled_cannot_be_released()
    {
        var settled = Calls.Full();
        var released = Calls.Bare();
        await AppendAsync(1, Calls.Settled(settled, Charge("a", 5)), Calls.Released(released.Id, Charge("a", 1)));
        await AppendAsync(2, Calls.Released(settled.Id, Charge("a", 100)), Calls.Settled(released, Charge("a", 1000)));

        Assert.Equal([Charge("a", 6)], await CountersAsync());
        Assert.Equal(settled.Id, Assert.Single(await EntriesAsync()).Id);
    }

    [Fact]
    public async Task Releases_are_remembered_while_the_last_batch_may_come_again_across_a_segments_end()
    {
        var released = Calls.Released(Guid.CreateVersion7(), Charge("a", 1));
        await _store.Ledger.AppendAsync(Calls.Batch(new(1, 900), Calls.Settled(Calls.Bare())), None);
        await _store.Ledger.AppendAsync(Calls.Batch(new(2, 50), released), None);
        await _store.Ledger.AppendAsync(Calls.Batch(new(3, 50), released, Calls.Settled(Calls.Bare(), Charge("a", 10))), None);

        Assert.Equal([Charge("a", 11)], await CountersAsync());
    }

    [Fact]
    public async Task Releases_of_segments_long_read_are_forgotten()
    {
        for (var segment = 1; segment <= 5; segment++)
        {
            await _store.Ledger.AppendAsync(Calls.Batch(new(segment, 0), Calls.Released(Guid.CreateVersion7())), None);
        }

        Assert.Equal(2L, await Raw.ScalarAsync(_place, "SELECT count(*) FROM releases"));
    }

    [Theory]
    [InlineData(1000, 1, 1000, 1, 8)] // the same period
    [InlineData(1000, 1, 2000, 1, 3)] // a new period
    [InlineData(1000, 1, 1000, 2, 3)] // set to zero
    [InlineData(1000, 1, 500, 2, 3)] // set to zero when the period was made longer
    [InlineData(1000, 1, 500, 1, 5)] // too late
    [InlineData(1000, 2, 1000, 1, 5)] // from before it was set to zero
    [InlineData(1000, 2, 2000, 1, 5)] // likewise, in whatever period
    public async Task A_counter_adds_is_replaced_or_stays(long period, int epoch, long nextPeriod, int nextEpoch, long used)
    {
        var first = new CounterState("m", period, epoch, 5);
        var next = new CounterState("m", nextPeriod, nextEpoch, 3);

        await AppendAsync(1, Calls.Settled(Calls.Bare(), first));
        await AppendAsync(2, Calls.Settled(Calls.Bare(), next));
        Assert.Equal(used, Assert.Single(await CountersAsync()).Used);

        // In one batch, all the same.
        await AppendAsync(
            3,
            Calls.Settled(Calls.Bare(), first with { MeterId = "n" }),
            Calls.Settled(Calls.Bare(), next with { MeterId = "n" })
        );
        var (m, n) = (await CountersAsync()) is [var one, var two] ? (one, two) : throw new InvalidOperationException("Not two counters.");
        Assert.Equal(m with { MeterId = "n" }, n);
    }

    [Fact]
    public async Task A_sum_beyond_64_bits_is_refused_and_nothing_of_the_batch_is_kept()
    {
        await AppendAsync(1, Calls.Settled(Calls.Bare(), Charge("a", long.MaxValue)));
        await Assert.ThrowsAnyAsync<Exception>(() => AppendAsync(2, Calls.Settled(Calls.Bare(), Charge("a", 1))));

        Assert.Equal([Charge("a", long.MaxValue)], await CountersAsync());
        Assert.Single(await EntriesAsync());
        Assert.Equal(new JournalPosition(1, 1), await _store.Ledger.PositionAsync("here", None));
    }

    [Fact]
    public async Task The_position_is_that_of_the_last_batch_and_each_journal_has_its_own()
    {
        Assert.Null(await _store.Ledger.PositionAsync("here", None));
        await _store.Ledger.AppendAsync(Calls.Batch(new(1, 100)), None);
        await _store.Ledger.AppendAsync(Calls.Batch(new(2, 8)), None);
        await _store.Ledger.AppendAsync(new LedgerBatch("there", new(7, 7), []), None);

        Assert.Equal(new JournalPosition(2, 8), await _store.Ledger.PositionAsync("here", None));
        Assert.Equal(new JournalPosition(7, 7), await _store.Ledger.PositionAsync("there", None));
    }

    [Fact]
    public async Task Everything_is_there_after_it_was_closed_and_opened_again()
    {
        await AppendAsync(5, Calls.Settled(Calls.Full(), Charge("a", 5)));
        await _store.DisposeAsync();
        _store = await _place.OpenAsync();

        Assert.Single(await EntriesAsync());
        Assert.Equal([Charge("a", 5)], await CountersAsync());
        Assert.Equal(new JournalPosition(1, 5), await _store.Ledger.PositionAsync("here", None));
    }

    [Fact]
    public async Task Two_gateways_charge_the_same_counters_at_once()
    {
        await using var other = await _place.OpenAsync();
        await Task.WhenAll(ChargeAsync(_store, "here"), ChargeAsync(other, "there"));

        Assert.Equal([Charge("a", 100), Charge("b", 100)], await CountersAsync());

        static async Task ChargeAsync(GatewayStore store, string journal)
        {
            for (var at = 1; at <= 50; at++)
            {
                var call = Calls.Settled(Calls.Bare(), at % 2 == 0 ? [Charge("a", 1), Charge("b", 1)] : [Charge("b", 1), Charge("a", 1)]);
                await store.Ledger.AppendAsync(new LedgerBatch(journal, new(1, at), [call]), None);
            }
        }
    }

    [Fact]
    public async Task Pages_go_from_the_newest_to_the_oldest_without_gap_or_repetition()
    {
        // Several at the same moment: then the id decides.
        var entries = Enumerable.Range(0, 25).Select(number => Calls.Bare(Calls.Noon.AddSeconds(number / 4))).ToList();
        await AppendAsync(1, entries.Select(entry => Calls.Settled(entry)).ToArray());

        var seen = new List<LedgerEntry>();
        IReadOnlyList<LedgerEntry> page;
        do
        {
            page = await EntriesAsync(new LedgerQuery { Limit = 4, After = seen.LastOrDefault()?.Id });
            seen.AddRange(page);
        } while (page.Count > 0 && seen.Count <= 100);

        Assert.Equal(25, seen.DistinctBy(entry => entry.Id).Count());
        Assert.Equal(25, seen.Count);
        Assert.Equal(seen.OrderByDescending(entry => entry.Call.At), seen);
    }

    [Fact]
    public async Task Pages_from_the_oldest_on_are_the_same_the_other_way_round()
    {
        for (var i = 0; i < 7; i++)
        {
            // Two at each moment.
            await AppendAsync(i + 1, Calls.Settled(Calls.Full(Calls.Noon.AddSeconds(i / 2))));
        }

        var found = new List<Guid>();
        Guid? after = null;
        while (
            await EntriesAsync(
                new LedgerQuery
                {
                    OldestFirst = true,
                    After = after,
                    Limit = 2,
                }
            )
                is { Count: > 0 } page
        )
        {
            found.AddRange(page.Select(entry => entry.Id));
            after = found[^1];
        }

        Assert.Equal((await EntriesAsync()).Select(entry => entry.Id).Reverse(), found);
        Assert.Equal(7, found.Count);
    }

    [Fact]
    public async Task Every_filter_filters()
    {
        var full = Calls.Full();
        await AppendAsync(1, Calls.Settled(full), Calls.Settled(Calls.Bare(Calls.Noon.AddDays(1))));

        LedgerQuery[] finding =
        [
            new() { VirtualKeyId = "vk-1" },
            new() { TeamId = "team-1" },
            new() { BusinessUnitId = "unit-1" },
            new() { CustomerId = "customer-1" },
            new() { UserId = "user-1" },
            new() { Provider = "openai" },
            new() { Model = "gpt-4o-mini" },
            new() { From = Calls.Noon, To = Calls.Noon.AddTicks(10) },
            new()
            {
                TeamId = "team-1",
                Provider = "openai",
                To = Calls.Noon.AddHours(1),
            },
        ];
        foreach (var query in finding)
        {
            Assert.Equal(full.Id, Assert.Single(await EntriesAsync(query)).Id);
        }

        LedgerQuery[] missing =
        [
            new() { VirtualKeyId = "vk-2" },
            new() { TeamId = "team-1", Provider = "replicate" },
            new() { To = Calls.Noon },
            new() { From = Calls.Noon.AddDays(1).AddTicks(10) },
            new() { After = Guid.CreateVersion7() },
        ];
        foreach (var query in missing)
        {
            Assert.Empty(await EntriesAsync(query));
        }
    }

    [Fact]
    public async Task A_page_with_a_filter_looks_at_so_many_lines_and_says_where_to_go_on()
    {
        var wanted = Calls.Full(Calls.Noon.AddHours(-1));
        await AppendAsync(
            1,
            [.. Enumerable.Range(0, 9).Select(i => Calls.Settled(Calls.Bare(Calls.Noon.AddSeconds(i)))), Calls.Settled(wanted)]
        );
        await using var database = Database.Of(_place.Settings);
        var narrow = new LedgerStore(database, window: 4);

        var pages = new List<LedgerPage>();
        do
        {
            pages.Add(await narrow.EntriesAsync(new LedgerQuery { TeamId = "team-1", After = pages.LastOrDefault()?.Next }, None));
        } while (pages[^1].Next is not null && pages.Count < 10);

        Assert.Equal([0, 0, 1], pages.Select(page => page.Entries.Count));
        Assert.Equal(wanted.Id, pages[^1].Entries[0].Id);
    }

    private static CounterState Charge(string meter, long amount) => new(meter, 1000, 0, amount);

    private Task AppendAsync(long offset, params SettledCall[] calls) =>
        _store.Ledger.AppendAsync(Calls.Batch(new JournalPosition(1, offset), calls), None);

    private async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(LedgerQuery? query = null) =>
        (await _store.Ledger.EntriesAsync(query ?? new LedgerQuery(), None)).Entries;

    private async Task<IReadOnlyList<CounterState>> CountersAsync() =>
        (await _store.Ledger.CountersAsync(None)).OrderBy(counter => counter.MeterId).ToList();
}
