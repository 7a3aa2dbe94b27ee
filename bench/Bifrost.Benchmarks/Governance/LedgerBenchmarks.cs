using BenchmarkDotNet.Attributes;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;
using Bifrost.Wire.Canonical;

namespace Bifrost.Benchmarks.Governance;

/// <summary>What writing down a call costs: a hold and its settlement, on four counters each, with the writer at work behind.</summary>
[MemoryDiagnoser]
public class LedgerBenchmarks : IAsyncDisposable
{
    private const string RequestId = "0f8fad5bd9cb469fa16570867728950e";
    private static readonly CallRecord Call = new()
    {
        RequestId = "",
        At = default,
        Operation = "chat",
        Provider = "openai",
        ProviderKey = "primary",
        AskedModel = "gpt-4o",
        SentModel = "gpt-4o",
        VirtualKeyId = "5b3f1f6e-2f0f-4d2b-8a55-3f0ad1a3a001",
        TeamId = "platform",
        CustomerId = "acme",
    };

    private readonly CallTemplate _template = new(Call);
    private readonly MeterCharge[] _estimate = Charges(2_500_000, 1400);
    private readonly MeterCharge[] _charges = Charges(1_870_000, 1050);
    private readonly DateTimeOffset _now = TimeProvider.System.GetUtcNow();
    private readonly Usage _usage = new() { InputTokens = 900, OutputTokens = 150 };
    private string _folder = "";
    private Journal? _journal;
    private LedgerWriter? _writer;

    /// <summary>Opens a journal with a writer behind it that keeps nothing.</summary>
    [GlobalSetup]
    public async Task OpenAsync()
    {
        _folder = Directory.CreateTempSubdirectory("bifrost-journal-").FullName;
        _journal = Journal.Open(new JournalOptions { Folder = _folder }, TimeProvider.System);
        _writer = new LedgerWriter(_journal, new ForgetfulLedger(), new LedgerWriterOptions(), TimeProvider.System);
        await _writer.RecoverAsync(CancellationToken.None);
        _writer.Start();
    }

    /// <summary>One template for all calls.</summary>
    [Benchmark(Baseline = true)]
    public void HoldAndSettle() => HoldAndSettle(_template);

    /// <summary>A template for each call, as a request dimension may need.</summary>
    [Benchmark]
    public void HoldAndSettleWithItsOwnTemplate() => HoldAndSettle(new CallTemplate(Call));

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
        GC.SuppressFinalize(this);
        Directory.Delete(_folder, recursive: true);
    }

    private static MeterCharge[] Charges(long cost, long tokens) =>
        [
            new(new MeterKey("team-budget", 0, MeterUnit.Nanodollars), 1_795_000_000_000, 0, cost),
            new(new MeterKey("key-budget", 1, MeterUnit.Nanodollars), 1_795_000_000_000, 0, cost),
            new(new MeterKey("key-rate:tokens", 2, MeterUnit.Tokens), 1_795_000_060_000, 0, tokens),
            new(new MeterKey("key-rate:requests", 3, MeterUnit.Requests), 1_795_000_060_000, 0, 1),
        ];

    private void HoldAndSettle(CallTemplate template)
    {
        if (_journal!.Hold(template, RequestId, _now, 2_500_000, _estimate).Failed(out var fault, out var hold))
        {
            throw new InvalidOperationException(fault.Message);
        }

        _journal.Settle(
            hold,
            new Settlement
            {
                At = _now,
                Outcome = LedgerOutcome.Succeeded,
                Cost = 1_870_000,
                PriceVersion = "2026-11-01",
                Usage = _usage,
            },
            _charges
        );
    }
}
