using Bifrost.Governance.Ledger;
using CsCheck;

namespace Bifrost.Governance.Tests.Ledger;

/// <summary>Any order of holds, settlements, releases, restarts and failures of the store, against a dictionary.</summary>
public sealed class JournalPropertyTests
{
    private enum Step
    {
        Hold,
        Settle,
        Release,
        Restart,
        FailBefore,
        FailAfter,
        Pause,
    }

    private static readonly Gen<(Step Step, int Pick)[]> Steps = Gen.Select(
        Gen.Frequency(
            (20, Gen.Const(Step.Hold)),
            (14, Gen.Const(Step.Settle)),
            (3, Gen.Const(Step.Release)),
            (1, Gen.Const(Step.Restart)),
            (1, Gen.Const(Step.FailBefore)),
            (1, Gen.Const(Step.FailAfter)),
            (1, Gen.Const(Step.Pause))
        ),
        Gen.Int[0, 1000]
    ).Array[50, 400];

    [Fact]
    public Task Every_call_is_stored_once_with_its_last_word() => Steps.SampleAsync(CheckAsync, iter: 40, threads: 1);

    private static async Task CheckAsync((Step Step, int Pick)[] steps)
    {
        using var folder = new TemporaryFolder();
        var store = new RecordingStore();
        var expected = new Dictionary<Guid, (LedgerOutcome? Outcome, long Cost)>();
        var open = new List<(HoldId Hold, long Cost)>();
        var ledger = await OpenAsync();
        foreach (var (step, pick) in steps)
        {
            switch (step)
            {
                case Step.Hold:
                    open.Add((ledger.Hold($"r-{pick}", pick, pick % 3 == 0 ? ALedger.TemplateOf($"m-{pick}") : null), pick));
                    break;
                case Step.Settle when open.Count > 0:
                    var settled = Take(pick);
                    ledger.Settle(settled.Hold, pick);
                    expected[settled.Hold.Entry] = (LedgerOutcome.Succeeded, pick);
                    break;
                case Step.Release when open.Count > 0:
                    var released = Take(pick);
                    ledger.Journal.Release(released.Hold, ALedger.Charges(0, 1));
                    expected[released.Hold.Entry] = (null, 0);
                    break;
                case Step.Restart:
                    await ledger.DisposeAsync();
                    open.ForEach(call => expected[call.Hold.Entry] = (LedgerOutcome.Recovered, call.Cost));
                    open.Clear();
                    ledger = await OpenAsync();
                    break;
                case Step.FailBefore:
                    store.FailBefore = pick % 4;
                    break;
                case Step.FailAfter:
                    store.FailAfter = 1;
                    break;
                case Step.Pause:
                    await Task.Delay(3);
                    break;
            }
        }

        await ledger.DisposeAsync();
        open.ForEach(call => expected[call.Hold.Entry] = (LedgerOutcome.Recovered, call.Cost));
        await ALedger.RecoverAsync(folder.Path, store);

        var actual = store.Calls.ToDictionary(call => call.HoldId, call => (call.Entry?.Outcome, call.Entry?.Cost ?? 0));
        Assert.Equal(expected.OrderBy(call => call.Key), actual.OrderBy(call => call.Key));
        Assert.Equal(expected.Values.Sum(call => call.Cost), store.Totals.GetValueOrDefault(ALedger.Budget.Id));

        async Task<ALedger> OpenAsync()
        {
            var opened = await ALedger.OpenAsync(folder.Path, store, 4096);
            opened.Writer.Start();
            return opened;
        }

        (HoldId Hold, long Cost) Take(int pick)
        {
            var taken = open[pick % open.Count];
            open.RemoveAt(pick % open.Count);
            return taken;
        }
    }
}
