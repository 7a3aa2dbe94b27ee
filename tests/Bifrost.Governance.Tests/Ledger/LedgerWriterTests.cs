using Bifrost.Governance.Ledger;

namespace Bifrost.Governance.Tests.Ledger;

public sealed class LedgerWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_store_that_fails_a_while_gets_every_call_once()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store);
        _store.FailBefore = 7;
        for (var i = 0; i < 500; i++)
        {
            ledger.Settle(ledger.Hold($"request-{i}"));
        }

        await ledger.DrainAsync();
        Assert.Equal(Enumerable.Range(0, 500).Select(i => $"request-{i}"), _store.Entries.Select(entry => entry.Call.RequestId));
        Assert.Equal(500 * 70, _store.Totals["budget-of-team"]);
        Assert.Equal(0, ledger.Writer.State.BehindCalls);
        Assert.Equal(0, ledger.Writer.State.BehindBytes);
        Assert.InRange(_store.LargestBatch, 1, 50);
    }

    [Fact]
    public async Task A_lost_answer_of_the_store_leads_to_the_same_batch_again()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store);
        _store.FailAfter = 1;
        ledger.Settle(ledger.Hold("request"));
        await ledger.DrainAsync();

        Assert.Equal(1, _store.Repeated);
        Assert.Single(_store.Entries);
        Assert.Equal(70, _store.Totals["budget-of-team"]);
    }

    [Fact]
    public async Task A_stop_that_takes_too_long_leaves_the_rest_to_the_next_start()
    {
        await using (var ledger = await ALedger.OpenAsync(_folder.Path, _store))
        {
            _store.FailBefore = int.MaxValue;
            ledger.Settle(ledger.Hold("request"));
            ledger.Writer.Start();
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            Assert.False(await ledger.Writer.StopAsync(soon.Token));
            Assert.Equal(1, ledger.Writer.State.BehindCalls);
            Assert.NotNull(ledger.Writer.State.Store);
        }

        _store.FailBefore = 0;
        Assert.Empty(_store.Entries);
        var (_, recovery) = await ALedger.RecoverAsync(_folder.Path, _store);
        Assert.Equal(new LedgerRecovery(1, 0, 0), recovery);
        Assert.Equal(LedgerOutcome.Succeeded, Assert.Single(_store.Entries).Outcome);
    }

    [Fact]
    public async Task A_call_that_was_open_is_charged_at_its_estimate_and_flagged()
    {
        HoldId hold;
        await using (var ledger = await ALedger.OpenAsync(_folder.Path, _store))
        {
            hold = ledger.Hold("open", 123);
        }

        await ALedger.RecoverAsync(_folder.Path, _store);
        var entry = Assert.Single(_store.Entries);
        Assert.Equal((hold.Entry, LedgerOutcome.Recovered, 123L, true), (entry.Id, entry.Outcome, entry.Cost, entry.Estimated));
        Assert.Equal(123, _store.Totals["budget-of-team"]);
    }

    [Fact]
    public async Task A_recovery_that_dies_before_the_store_has_it_is_repeated()
    {
        await using (var ledger = await ALedger.OpenAsync(_folder.Path, _store))
        {
            ledger.Settle(ledger.Hold("settled"));
            ledger.Hold("open");
        }

        for (var i = 0; i < 5; i++)
        {
            await using var journal = Journal.Open(new JournalOptions { Folder = _folder.Path, SegmentBytes = 8192 }, TimeProvider.System);
            await using var writer = new LedgerWriter(journal, _store, new LedgerWriterOptions(), TimeProvider.System);
            _store.FailBefore = int.MaxValue;
            using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writer.RecoverAsync(soon.Token));
        }

        _store.FailBefore = 0;
        await ALedger.RecoverAsync(_folder.Path, _store);
        Assert.Equal([LedgerOutcome.Succeeded, LedgerOutcome.Recovered], _store.Entries.Select(entry => entry.Outcome));
        Assert.Equal(170, _store.Totals["budget-of-team"]);
    }

    [Fact]
    public async Task A_database_that_does_not_know_the_journal_gets_what_is_there()
    {
        await using (var ledger = await ALedger.OpenAsync(_folder.Path, _store))
        {
            ledger.Settle(ledger.Hold("request"));
            await ledger.DrainAsync();
        }

        Assert.Single(_store.Entries);
        var (other, _) = await ALedger.RecoverAsync(_folder.Path, new RecordingStore());
        Assert.Equal(_store.Entries, other.Entries);
    }

    [Fact]
    public async Task Eight_threads_lose_nothing()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store, 256 * 1024);
        ledger.Writer.Start();
        var threads = Enumerable
            .Range(0, 8)
            .Select(one => new Thread(() =>
            {
                var template = ALedger.TemplateOf($"model-{one}");
                for (var i = 0; i < 10_000; i++)
                {
                    ledger.Settle(ledger.Hold($"{one}-{i}", template: template));
                }
            }))
            .ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        Assert.True(await ledger.Writer.StopAsync(CancellationToken.None));

        Assert.Equal(80_000, _store.Entries.Select(entry => entry.Call.RequestId).Distinct().Count());
        Assert.Equal(80_000, _store.Calls.Count);
        Assert.Equal(0, _store.Repeated);
        Assert.Equal(80_000 * 70L, _store.Totals["budget-of-team"]);
        Assert.All(_store.Entries, entry => Assert.Equal($"model-{entry.Call.RequestId[0]}", entry.Call.AskedModel));
    }
}
