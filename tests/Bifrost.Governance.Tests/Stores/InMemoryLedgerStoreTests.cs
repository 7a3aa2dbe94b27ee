using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Tests.Stores;

public sealed class InMemoryLedgerStoreTests
{
    private readonly InMemoryLedgerStore _store = new(keep: 5);

    [Fact]
    public async Task A_repeated_batch_changes_nothing()
    {
        var batch = new LedgerBatch("journal", new JournalPosition(1, 100), [Call(1, charge: 7)]);
        await _store.AppendAsync(batch, CancellationToken.None);
        await _store.AppendAsync(batch, CancellationToken.None);

        Assert.Equal(7, Assert.Single(await _store.CountersAsync(CancellationToken.None)).Used);
        Assert.Equal(new JournalPosition(1, 100), await _store.PositionAsync("journal", CancellationToken.None));
        Assert.Null(await _store.PositionAsync("other", CancellationToken.None));
    }

    [Theory]
    [InlineData(1000, 0, 5, 1000, 0, 12)]
    [InlineData(2000, 0, 5, 2000, 0, 5)]
    [InlineData(1000, 1, 5, 1000, 1, 5)]
    [InlineData(500, 0, 5, 1000, 0, 7)]
    public async Task A_counter_is_of_its_latest_period_and_epoch(
        long period,
        int epoch,
        long amount,
        long wantPeriod,
        int wantEpoch,
        long wantUsed
    )
    {
        await AppendAsync(Call(1, new CounterState("meter", 1000, 0, 7)));
        await AppendAsync(Call(2, new CounterState("meter", period, epoch, amount)));

        Assert.Equal([new CounterState("meter", wantPeriod, wantEpoch, wantUsed)], await _store.CountersAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Entries_come_newest_first_page_by_page_and_the_oldest_go()
    {
        for (var i = 1; i <= 8; i++)
        {
            await AppendAsync(Call(i, charge: 1));
        }

        var first = await EntriesAsync(new LedgerQuery { Limit = 3 });
        var second = await EntriesAsync(new LedgerQuery { Limit = 3, After = first[^1].Id });
        Assert.Equal(["8", "7", "6"], first.Select(entry => entry.Call.RequestId));
        Assert.Equal(["5", "4"], second.Select(entry => entry.Call.RequestId));
        Assert.Equal(8, Assert.Single(await _store.CountersAsync(CancellationToken.None)).Used);
    }

    [Fact]
    public async Task Entries_are_filtered()
    {
        await AppendAsync(Call(1, charge: 1));

        Assert.Single(await EntriesAsync(new LedgerQuery { Model = "gpt-4o", Provider = "openai" }));
        Assert.Empty(await EntriesAsync(new LedgerQuery { Model = "other" }));
        Assert.Empty(await EntriesAsync(new LedgerQuery { VirtualKeyId = "vk" }));
    }

    private static SettledCall Call(int number, long charge) => Call(number, new CounterState("meter", 1000, 0, charge));

    private static SettledCall Call(int number, CounterState charge)
    {
        var id = new Guid(number, 0, 0, new byte[8]);
        var call = new CallRecord
        {
            RequestId = $"{number}",
            At = DateTimeOffset.UnixEpoch,
            Operation = "chat",
            Provider = "openai",
            ProviderKey = "primary",
            AskedModel = "gpt-4o",
            SentModel = "gpt-4o",
        };
        var entry = new LedgerEntry
        {
            Id = id,
            Call = call,
            SettledAt = DateTimeOffset.UnixEpoch,
            Outcome = LedgerOutcome.Succeeded,
            Cost = charge.Used,
        };
        return new SettledCall(id, entry, [charge]);
    }

    private long _offset;

    private Task AppendAsync(SettledCall call) =>
        _store.AppendAsync(new LedgerBatch("journal", new JournalPosition(1, ++_offset), [call]), CancellationToken.None);

    private async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(LedgerQuery query) =>
        (await _store.EntriesAsync(query, CancellationToken.None)).Entries;
}
