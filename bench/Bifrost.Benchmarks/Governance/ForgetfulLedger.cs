using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;

namespace Bifrost.Benchmarks.Governance;

/// <summary>Keeps nothing: the journal's files go again, however long a benchmark runs.</summary>
internal sealed class ForgetfulLedger : ILedgerStore
{
    public Task AppendAsync(LedgerBatch batch, CancellationToken cancel) => Task.CompletedTask;

    public Task<JournalPosition?> PositionAsync(string journal, CancellationToken cancel) => Task.FromResult<JournalPosition?>(null);

    public Task<IReadOnlyList<CounterState>> CountersAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<CounterState>>([]);

    public Task<LedgerPage> EntriesAsync(LedgerQuery query, CancellationToken cancel) => Task.FromResult(new LedgerPage([], null));
}
