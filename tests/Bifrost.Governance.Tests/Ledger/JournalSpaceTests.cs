using Bifrost.Governance.Ledger;

namespace Bifrost.Governance.Tests.Ledger;

public sealed class JournalSpaceTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_room_holds_are_refused_and_calls_under_way_are_still_settled()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store, 8192, maxBytes: 2 * 8192);
        _store.FailBefore = int.MaxValue;
        ledger.Writer.Start();
        var held = HoldUntilRefused(ledger);
        held.ForEach(hold => ledger.Settle(hold));

        Assert.NotNull(ledger.Journal.Trouble);
        await Until(() => ledger.Writer.State.Store is not null);
        Assert.NotNull(ledger.Writer.State.Journal);
        Assert.InRange(ledger.Writer.State.BehindCalls, 1, held.Count);

        _store.FailBefore = 0;
        await Until(() => _store.Calls.Count == held.Count && ledger.Writer.State.BehindCalls == 0);
        await Until(() => !ledger.Journal.Hold(ALedger.Template, "again", ALedger.Noon, 1, []).Failed(out _, out _));
        Assert.Null(ledger.Writer.State.Store);
        Assert.All(_store.Entries, entry => Assert.Equal(LedgerOutcome.Succeeded, entry.Outcome));
    }

    [Fact]
    public async Task A_journal_at_its_limit_can_be_started_and_empties_itself()
    {
        var held = 0;
        await using (var full = await ALedger.OpenAsync(_folder.Path, _store, 8192, maxBytes: 2 * 8192))
        {
            held = HoldUntilRefused(full).Count;
        }

        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store, 8192, maxBytes: 2 * 8192);
        Assert.Equal(held, ledger.Recovery.Charged);
        Assert.Equal(held, _store.Entries.Count(entry => entry.Outcome == LedgerOutcome.Recovered));
        ledger.Hold("goes on");
    }

    [Fact]
    public async Task Stored_files_go()
    {
        await using var ledger = await ALedger.OpenAsync(_folder.Path, _store, 8192);
        ledger.Writer.Start();
        for (var i = 0; i < 2000; i++)
        {
            ledger.Settle(ledger.Hold("request"));
        }

        await Until(() => _store.Calls.Count == 2000 && ledger.Writer.State.DiskBytes <= 3 * 8192);
        Assert.Equal(0, _store.Repeated);
    }

    [Fact]
    public async Task An_endless_call_does_not_keep_old_files_and_is_charged_once()
    {
        var ledger = await ALedger.OpenAsync(_folder.Path, _store, 8192);
        ledger.Writer.Start();
        var endless = ledger.Hold("endless");
        var settled = ledger.Hold("settled late");
        for (var i = 0; i < 3000; i++)
        {
            ledger.Settle(ledger.Hold("request"));
            if (i % 100 == 0)
            {
                await Task.Delay(3);
            }
        }

        await Until(() => _store.Calls.Count == 3000 && ledger.Writer.State.DiskBytes <= 4 * 8192);
        ledger.Settle(settled);
        await Until(() => _store.Calls.Count == 3001);
        await ledger.DisposeAsync();

        var (store, recovery) = await ALedger.RecoverAsync(_folder.Path, _store);
        Assert.Equal(1, recovery.Charged);
        Assert.Equal((endless.Entry, LedgerOutcome.Recovered), (store.Entries.Last().Id, store.Entries.Last().Outcome));
        Assert.Equal("endless", store.Entries.Last().Call.RequestId);
        Assert.Equal(0, store.Repeated);
    }

    private static List<HoldId> HoldUntilRefused(ALedger ledger)
    {
        var held = new List<HoldId>();
        while (
            !ledger.Journal.Hold(ALedger.Template, "request", ALedger.Noon, 5, ALedger.Charges(5, 1)).Failed(out var fault, out var hold)
        )
        {
            held.Add(hold);
            Assert.True(held.Count < 10_000, "The limit was never reached.");
        }

        return held;
    }

    private static async Task Until(Func<bool> condition)
    {
        for (var i = 0; i < 2000 && !condition(); i++)
        {
            await Task.Delay(5);
        }

        Assert.True(condition());
    }
}
