using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Tests.Ledger;

/// <summary>Remembers all it was given, in order, and fails when told to: before it took a batch, or after.</summary>
internal sealed class RecordingStore : ILedgerStore
{
    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _ids = [];

    public List<SettledCall> Calls { get; } = [];

    public JournalPosition? Position { get; set; }

    public int Repeated { get; private set; }

    public int Attempts { get; private set; }

    public int LargestBatch { get; private set; }

    /// <summary>Attempts that fail without a trace.</summary>
    public int FailBefore { get; set; }

    /// <summary>Attempts that fail although the batch was taken.</summary>
    public int FailAfter { get; set; }

    public IEnumerable<LedgerEntry> Entries => Calls.Select(call => call.Entry).OfType<LedgerEntry>();

    public Dictionary<string, long> Totals =>
        Calls
            .SelectMany(call => call.Charges)
            .GroupBy(charge => charge.MeterId)
            .ToDictionary(one => one.Key, one => one.Sum(charge => charge.Used));

    public Task AppendAsync(LedgerBatch batch, CancellationToken cancel)
    {
        lock (_gate)
        {
            Attempts++;
            if (FailBefore > 0)
            {
                FailBefore--;
                throw new IOException("The database is away.");
            }

            foreach (var call in batch.Calls)
            {
                if (_ids.Add(call.HoldId))
                {
                    Calls.Add(call);
                }
                else
                {
                    Repeated++;
                }
            }

            LargestBatch = Math.Max(LargestBatch, batch.Calls.Count);
            Position = batch.Position;
            if (FailAfter > 0)
            {
                FailAfter--;
                throw new IOException("The answer of the database was lost.");
            }
        }

        return Task.CompletedTask;
    }

    public Task<JournalPosition?> PositionAsync(string journal, CancellationToken cancel) => Task.FromResult(Position);

    public Task<IReadOnlyList<CounterState>> CountersAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<CounterState>>([]);

    public Task<LedgerPage> EntriesAsync(LedgerQuery query, CancellationToken cancel) =>
        Task.FromResult(new LedgerPage([.. Entries], null));
}
