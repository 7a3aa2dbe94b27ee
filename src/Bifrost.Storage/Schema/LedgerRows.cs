using Bifrost.Governance.Ledger;
using Bifrost.Wire.Canonical;

namespace Bifrost.Storage.Schema;

/// <summary>Between a ledger entry and its row.</summary>
internal static class LedgerRows
{
    public static LedgerRow ToRow(LedgerEntry entry)
    {
        var call = entry.Call;
        var usage = entry.Usage;
        return new LedgerRow
        {
            Id = entry.Id,
            At = Moments.Write(call.At),
            SettledAt = Moments.Write(entry.SettledAt),
            RequestId = Words.Clean(call.RequestId),
            Operation = Words.Clean(call.Operation),
            Provider = Words.Clean(call.Provider),
            ProviderKey = Words.Clean(call.ProviderKey),
            AskedModel = Words.Clean(call.AskedModel),
            SentModel = Words.Clean(call.SentModel),
            VirtualKeyId = Words.CleanOrNull(call.VirtualKeyId),
            TeamId = Words.CleanOrNull(call.TeamId),
            BusinessUnitId = Words.CleanOrNull(call.BusinessUnitId),
            CustomerId = Words.CleanOrNull(call.CustomerId),
            UserId = Words.CleanOrNull(call.UserId),
            Dimensions = Words.CleanOrNull(call.Dimensions),
            Outcome = Word(entry.Outcome),
            Cost = entry.Cost,
            Estimated = entry.Estimated,
            Unpriced = entry.Unpriced,
            PriceVersion = Words.CleanOrNull(entry.PriceVersion),
            UsageEstimated = usage?.Estimated,
            InputTokens = usage?.InputTokens,
            OutputTokens = usage?.OutputTokens,
            CachedReadTokens = usage?.CachedReadTokens,
            CachedWriteTokens = usage?.CachedWriteTokens,
            ReasoningTokens = usage?.ReasoningTokens,
            AudioInputTokens = usage?.AudioInputTokens,
            ImageInputTokens = usage?.ImageInputTokens,
            AudioOutputTokens = usage?.AudioOutputTokens,
            Images = usage?.Images,
            VideoMicroseconds = Microseconds(usage?.VideoSeconds),
            ComputeMicroseconds = Microseconds(usage?.ComputeSeconds),
        };
    }

    public static LedgerEntry ToEntry(LedgerRow row) =>
        new()
        {
            Id = row.Id,
            Call = new CallRecord
            {
                RequestId = row.RequestId,
                At = Moments.Read(row.At),
                Operation = row.Operation,
                Provider = row.Provider,
                ProviderKey = row.ProviderKey,
                AskedModel = row.AskedModel,
                SentModel = row.SentModel,
                VirtualKeyId = row.VirtualKeyId,
                TeamId = row.TeamId,
                BusinessUnitId = row.BusinessUnitId,
                CustomerId = row.CustomerId,
                UserId = row.UserId,
                Dimensions = row.Dimensions,
            },
            SettledAt = Moments.Read(row.SettledAt),
            Outcome = Outcome(row.Outcome),
            Usage = row.UsageEstimated is { } estimated ? UsageOf(row, estimated) : null,
            Cost = row.Cost,
            Estimated = row.Estimated,
            Unpriced = row.Unpriced,
            PriceVersion = row.PriceVersion,
        };

    private static Usage UsageOf(LedgerRow row, bool estimated) =>
        new()
        {
            Estimated = estimated,
            InputTokens = row.InputTokens ?? 0,
            OutputTokens = row.OutputTokens ?? 0,
            CachedReadTokens = row.CachedReadTokens ?? 0,
            CachedWriteTokens = row.CachedWriteTokens ?? 0,
            ReasoningTokens = row.ReasoningTokens ?? 0,
            AudioInputTokens = row.AudioInputTokens ?? 0,
            ImageInputTokens = row.ImageInputTokens ?? 0,
            AudioOutputTokens = row.AudioOutputTokens ?? 0,
            Images = (int)(row.Images ?? 0),
            VideoSeconds = (row.VideoMicroseconds ?? 0) / 1e6,
            ComputeSeconds = (row.ComputeMicroseconds ?? 0) / 1e6,
        };

    // Whole microseconds, as costs are computed from; half a microsecond more or less has no price.
    private static long? Microseconds(double? seconds) => seconds is { } known ? (long)Math.Round(known * 1e6) : null;

    private static string Word(LedgerOutcome outcome) =>
        outcome switch
        {
            LedgerOutcome.Succeeded => "succeeded",
            LedgerOutcome.Failed => "failed",
            LedgerOutcome.Cancelled => "cancelled",
            LedgerOutcome.Recovered => "recovered",
            _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "No word is known for it."),
        };

    private static LedgerOutcome Outcome(string word) =>
        word switch
        {
            "succeeded" => LedgerOutcome.Succeeded,
            "failed" => LedgerOutcome.Failed,
            "cancelled" => LedgerOutcome.Cancelled,
            "recovered" => LedgerOutcome.Recovered,
            _ => throw new InvalidDataException($"The ledger holds an outcome that is not known: {word}."),
        };
}
