using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Bifrost.Benchmarks.Observability;
using Bifrost.Benchmarks.Population;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Governance;
using Bifrost.Governance.Estimates;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Prices;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;
using Bifrost.Wire.Faults;

namespace Bifrost.Benchmarks.Governance;

/// <summary>Everything that governance does for one call, among 100,000 virtual keys in 5,000 teams: the caller found by the value shown, its limits (a
/// budget and a rate limit at key, team, business unit and customer), the estimate, the hold, the journal; and after it the true cost and the settlement.
/// To stay under 5 µs and 500 bytes.</summary>
[MemoryDiagnoser]
public class WholeAdmissionBenchmarks : IAsyncDisposable
{
    private const int Keys = 100_000;
    private const int Counted = 100_000;
    private const int Batch = 100;

    private string _folder = "";
    private string[] _values = [];
    private GovernanceRegistry _registry = null!;
    private Governor _governor = null!;
    private Journal? _journal;
    private LedgerWriter? _writer;
    private Exchange _exchange = null!;
    private Target _target = null!;
    private int _next;
    private long _read;

    /// <summary>Also says what one thread allocates; the table's figure counts the ledger's writer too.</summary>
    [GlobalSetup]
    public async Task LoadAsync()
    {
        var till = new Till(TimeProvider.System);
        _registry = await GovernanceRegistry.OpenAsync(new InMemoryObjectStore(), till, TimeProvider.System, default);
        var owners = Owners.Of(Keys);
        var mistakes = await _registry.ApplyAsync(owners.Edits, default);
        if (mistakes.Count > 0)
        {
            throw new InvalidOperationException(mistakes[0].ToString());
        }

        _values = owners.Values;
        _folder = Directory.CreateTempSubdirectory("bifrost-journal-").FullName;
        _journal = Journal.Open(new JournalOptions { Folder = _folder }, TimeProvider.System);
        _writer = new LedgerWriter(_journal, new ForgetfulLedger(), new LedgerWriterOptions(), TimeProvider.System);
        await _writer.RecoverAsync(CancellationToken.None);
        _writer.Start();
        _governor = new Governor(_registry, new Costing(PriceCatalogue.Embedded), till, _journal, TimeProvider.System);
        _exchange = await AChat.AnsweredAsync();
        _target = _exchange.Target!;
        // These also warm the code up: it is compiled for good in the pause.
        Say("the same key", SameKey);
        Say("another key each time", AnotherKey);
        await Task.Delay(500);
        SayAdmission("the same key", () => _values[0]);
        SayAdmission("another key each time", () => _values[_next = (_next + 7919) % Keys]);
    }

    /// <summary>What one caller sees.</summary>
    [Benchmark(Baseline = true)]
    public void SameKey() => Call(_values[0]);

    /// <summary>The processor's caches do not help.</summary>
    [Benchmark]
    public void AnotherKey() => Call(_values[_next = (_next + 7919) % Keys]);

    /// <summary>Only up to the moment in which the call goes upstream, and given back.</summary>
    [Benchmark]
    public void ReserveAndRelease() => Call(_values[0], settle: false);

    /// <summary>Removes it.</summary>
    [GlobalCleanup]
    public async ValueTask DisposeAsync()
    {
        if (_journal is null || _writer is null)
        {
            return;
        }

        await _writer.DisposeAsync();
        await _journal.DisposeAsync();
        (_writer, _journal) = (null, null);
        _registry.Dispose();
        GC.SuppressFinalize(this);
        Directory.Delete(_folder, recursive: true);
    }

    private void Call(string value, bool settle = true)
    {
        _exchange.Caller = _registry.Find(value, TimeProvider.System.GetUtcNow());
        _exchange.Charge = null;
        if (_governor.Reserve(_exchange, _target).Failed(out var fault, out var reservation))
        {
            throw new InvalidOperationException(fault.Message);
        }

        if (settle)
        {
            reservation.Settle(_exchange);
        }
        else
        {
            reservation.Release(_exchange, NotSent);
        }
    }

    private static Fault NotSent { get; } = new(FaultKind.UpstreamDown, "It was not sent.");

    /// <summary>What passes before a call goes upstream: caller found, limits found, estimated, held, written down. What comes after is not in it.</summary>
    private void SayAdmission(string what, Func<string> next)
    {
        var (bytes, ticks) = (0L, 0L);
        var batches = new long[Counted / Batch];
        var collected = 0L;
        for (var i = 0; i < 2 * Counted; i++)
        {
            var value = next();
            // Whoever really calls has just sent it, so it is in the processor's caches.
            _read += value[0] + value[^1];
            var collections = GC.CollectionCount(0);
            var (bytesBefore, ticksBefore) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
            _exchange.Caller = _registry.Find(value, TimeProvider.System.GetUtcNow());
            var outcome = _governor.Reserve(_exchange, _target);
            if (i >= Counted)
            {
                var took = Stopwatch.GetTimestamp() - ticksBefore;
                ticks += took;
                collected += GC.CollectionCount(0) == collections ? 0 : took;
                batches[(i - Counted) / Batch] += took;
                bytes += GC.GetAllocatedBytesForCurrentThread() - bytesBefore;
            }

            _exchange.Charge = null;
            outcome.Value!.Settle(_exchange);
        }

        // The mean has the collections in it that other threads bring about, too, and what else the machine did meanwhile.
        Array.Sort(batches);
        var (mean, median) = (Micros(ticks) / Counted, Micros(batches[batches.Length / 2]) / Batch);
        var apart = Micros(ticks - collected) / Counted;
        Console.WriteLine(
            $"// admission alone, {what}: {bytes / Counted} bytes, {mean:0.00} µs in the mean ({apart:0.00} without calls that a collection held up), {median:0.00} µs in the median of {Batch} calls each"
        );

        static double Micros(long ticks) => Stopwatch.GetElapsedTime(0, ticks).TotalMicroseconds;
    }

    private static void Say(string what, Action call)
    {
        for (var i = 0; i < 2 * Keys; i++)
        {
            call();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Counted; i++)
        {
            call();
        }

        Console.WriteLine(
            $"// {(GC.GetAllocatedBytesForCurrentThread() - before) / Counted} bytes allocated by the calling thread, {what}"
        );
    }
}
