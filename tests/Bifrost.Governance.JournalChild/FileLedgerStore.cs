using System.Globalization;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;

namespace Bifrost.Governance.JournalChild;

/// <summary>A store that survives the death of its process and is plain enough to be believed: a batch is a file that is whole or not there.</summary>
public sealed class FileLedgerStore : ILedgerStore
{
    private readonly string _folder;
    private int _batches;

    public FileLedgerStore(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        foreach (var file in Batches())
        {
            Load(file);
            _batches++;
        }
    }

    /// <summary>Outcome by id; null for calls without an entry.</summary>
    public Dictionary<Guid, LedgerOutcome?> Calls { get; } = [];

    /// <summary>Charged by all calls together.</summary>
    public long Charged { get; private set; }

    /// <summary>Calls that were brought although they were there.</summary>
    public int Repeated { get; private set; }

    private JournalPosition? Position { get; set; }

    public async Task AppendAsync(LedgerBatch batch, CancellationToken cancel)
    {
        var lines = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{batch.Position.Segment} {batch.Position.Offset}") };
        foreach (var call in batch.Calls)
        {
            lines.Add(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{call.HoldId:D} {(int?)call.Entry?.Outcome ?? -1} {call.Charges.Sum(c => c.Used)}"
                )
            );
        }

        var file = Path.Combine(_folder, _batches.ToString("D8", CultureInfo.InvariantCulture));
        await File.WriteAllLinesAsync(file + ".part", lines, CancellationToken.None);
        File.Move(file + ".part", file + ".batch");
        _batches++;
        Load(file + ".batch");
    }

    public Task<JournalPosition?> PositionAsync(string journal, CancellationToken cancel) => Task.FromResult(Position);

    public Task<IReadOnlyList<CounterState>> CountersAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<CounterState>>([]);

    public Task<LedgerPage> EntriesAsync(LedgerQuery query, CancellationToken cancel) => Task.FromResult(new LedgerPage([], null));

    private string[] Batches()
    {
        var files = Directory.GetFiles(_folder, "*.batch");
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }

    private void Load(string file)
    {
        var lines = File.ReadAllLines(file);
        var position = lines[0].Split(' ');
        Position = new JournalPosition(
            long.Parse(position[0], CultureInfo.InvariantCulture),
            long.Parse(position[1], CultureInfo.InvariantCulture)
        );
        foreach (var line in lines.Skip(1))
        {
            var parts = line.Split(' ');
            var outcome = int.Parse(parts[1], CultureInfo.InvariantCulture);
            if (!Calls.TryAdd(Guid.ParseExact(parts[0], "D"), outcome < 0 ? null : (LedgerOutcome)outcome))
            {
                Repeated++;
                continue;
            }

            Charged += long.Parse(parts[2], CultureInfo.InvariantCulture);
        }
    }
}
