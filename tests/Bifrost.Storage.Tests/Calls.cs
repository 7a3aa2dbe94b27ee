using Bifrost.Governance.Ledger;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Stores;
using Bifrost.Wire.Canonical;

namespace Bifrost.Storage.Tests;

/// <summary>Settled calls to put into a ledger.</summary>
internal static class Calls
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static LedgerBatch Batch(JournalPosition position, params SettledCall[] calls) => new("here", position, calls);

    public static SettledCall Settled(LedgerEntry entry, params CounterState[] charges) => new(entry.Id, entry, charges);

    public static SettledCall Released(Guid hold, params CounterState[] charges) => new(hold, null, charges);

    /// <summary>Every field says something, so that one that is lost is missed.</summary>
    public static LedgerEntry Full(DateTimeOffset? at = null) =>
        new()
        {
            Id = Guid.CreateVersion7(at ?? Noon),
            Call = new CallRecord
            {
                RequestId = "req-1",
                At = at ?? Noon,
                Operation = "chat",
                Provider = "openai",
                ProviderKey = "main",
                AskedModel = "fast",
                SentModel = "gpt-4o-mini",
                VirtualKeyId = "vk-1",
                TeamId = "team-1",
                BusinessUnitId = "unit-1",
                CustomerId = "customer-1",
                UserId = "user-1",
                Dimensions = "project=x",
            },
            SettledAt = (at ?? Noon).AddSeconds(2),
            Outcome = LedgerOutcome.Cancelled,
            Usage = new Usage
            {
                InputTokens = 1,
                OutputTokens = 2,
                CachedReadTokens = 3,
                CachedWriteTokens = 4,
                ReasoningTokens = 5,
                AudioInputTokens = 6,
                ImageInputTokens = 7,
                AudioOutputTokens = 8,
                Images = 9,
                VideoSeconds = 10.5,
                ComputeSeconds = 11.123456,
                Estimated = true,
            },
            Cost = 9_007_199_254_740_993,
            Estimated = true,
            Unpriced = true,
            PriceVersion = "2026-03-01",
        };

    /// <summary>Only what must be there.</summary>
    public static LedgerEntry Bare(DateTimeOffset? at = null, string provider = "replicate", string? key = null) =>
        new()
        {
            Id = Guid.CreateVersion7(at ?? Noon),
            Call = new CallRecord
            {
                RequestId = "req-2",
                At = at ?? Noon,
                Operation = "video",
                Provider = provider,
                ProviderKey = "",
                AskedModel = "a",
                SentModel = "b",
                VirtualKeyId = key,
            },
            SettledAt = at ?? Noon,
            Outcome = LedgerOutcome.Succeeded,
            Cost = 0,
        };
}
