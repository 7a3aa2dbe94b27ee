using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Tests.Ledger;

/// <summary>A journal in use, with its writer; and calls to put into it.</summary>
internal sealed class ALedger : IAsyncDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly MeterKey Budget = new("budget-of-team", 0, MeterUnit.Nanodollars);
    public static readonly MeterKey Tokens = new("rate:tokens", 1, MeterUnit.Tokens);

    private ALedger(Journal journal, LedgerWriter writer, LedgerRecovery recovery)
    {
        Journal = journal;
        Writer = writer;
        Recovery = recovery;
    }

    public Journal Journal { get; }

    public LedgerWriter Writer { get; }

    public LedgerRecovery Recovery { get; }

    public static CallTemplate Template { get; } = TemplateOf("gpt-4o");

    public static CallTemplate TemplateOf(string model) =>
        new(
            new CallRecord
            {
                RequestId = "",
                At = default,
                Operation = "chat",
                Provider = "openai",
                ProviderKey = "primary",
                AskedModel = model,
                SentModel = model,
                VirtualKeyId = "5b3f1f6e-2f0f-4d2b-8a55-3f0ad1a3a001",
                TeamId = "team-1",
            }
        );

    public static Task<ALedger> OpenAsync(string folder, ILedgerStore store, int segmentBytes = 64 * 1024, long maxBytes = 1L << 30) =>
        OpenAsync(
            new JournalOptions
            {
                Folder = folder,
                SegmentBytes = segmentBytes,
                MaxBytes = maxBytes,
                FlushInterval = TimeSpan.FromMilliseconds(20),
            },
            store
        );

    public static async Task<ALedger> OpenAsync(JournalOptions options, ILedgerStore store)
    {
        var journal = Journal.Open(options, TimeProvider.System);
        try
        {
            var writer = new LedgerWriter(
                journal,
                store,
                new LedgerWriterOptions
                {
                    Interval = TimeSpan.FromMilliseconds(2),
                    BatchCalls = 50,
                    FirstRetry = TimeSpan.FromMilliseconds(1),
                    LastRetry = TimeSpan.FromMilliseconds(4),
                },
                TimeProvider.System
            );
            return new ALedger(journal, writer, await writer.RecoverAsync(CancellationToken.None));
        }
        catch
        {
            await journal.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads into a new store what lies in a folder, and closes it again.</summary>
    public static async Task<(RecordingStore Store, LedgerRecovery Recovery)> RecoverAsync(string folder, RecordingStore? store = null)
    {
        store ??= new RecordingStore();
        await using var ledger = await OpenAsync(folder, store);
        return (store, ledger.Recovery);
    }

    public static MeterCharge[] Charges(long cost, long tokens) => [new(Budget, 1000, 2, cost), new(Tokens, 5000, 0, tokens)];

    public HoldId Hold(string requestId, long cost = 100, CallTemplate? template = null)
    {
        var held = Journal.Hold(template ?? Template, requestId, Noon, cost, Charges(cost, 10));
        Assert.False(held.Failed(out var fault, out var hold), fault?.Message);
        return hold;
    }

    public void Settle(HoldId hold, long cost = 70) =>
        Journal.Settle(
            hold,
            new Settlement
            {
                At = Noon.AddSeconds(2),
                Outcome = LedgerOutcome.Succeeded,
                Cost = cost,
                PriceVersion = "2026-11-01",
                Usage = new Usage { InputTokens = 900, OutputTokens = 150 },
            },
            Charges(cost, 7)
        );

    /// <summary>Stores all that is written.</summary>
    public async Task DrainAsync()
    {
        Writer.Start();
        Assert.True(await Writer.StopAsync(CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        await Writer.DisposeAsync();
        await Journal.DisposeAsync();
    }
}
