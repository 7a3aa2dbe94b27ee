using System.Data.Common;
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

    /// <param name="reader">At a row of <see cref="LedgerColumns.Names"/>.</param>
    /// <param name="id">Its first column, which each database reads in its own way.</param>
    public static LedgerRow Read(DbDataReader reader, Guid id)
    {
        return new LedgerRow
        {
            Id = id,
            At = reader.GetInt64(1),
            SettledAt = reader.GetInt64(2),
            RequestId = reader.GetString(3),
            Operation = reader.GetString(4),
            Provider = reader.GetString(5),
            ProviderKey = reader.GetString(6),
            AskedModel = reader.GetString(7),
            SentModel = reader.GetString(8),
            VirtualKeyId = Text(9),
            TeamId = Text(10),
            BusinessUnitId = Text(11),
            CustomerId = Text(12),
            UserId = Text(13),
            Dimensions = Text(14),
            Outcome = reader.GetString(15),
            Cost = reader.GetInt64(16),
            Estimated = reader.GetBoolean(17),
            Unpriced = reader.GetBoolean(18),
            PriceVersion = Text(19),
            UsageEstimated = Truth(20),
            InputTokens = Number(21),
            OutputTokens = Number(22),
            CachedReadTokens = Number(23),
            CachedWriteTokens = Number(24),
            ReasoningTokens = Number(25),
            AudioInputTokens = Number(26),
            ImageInputTokens = Number(27),
            AudioOutputTokens = Number(28),
            Images = Number(29),
            VideoMicroseconds = Number(30),
            ComputeMicroseconds = Number(31),
        };

        long? Number(int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
        bool? Truth(int column) => reader.IsDBNull(column) ? null : reader.GetBoolean(column);
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
