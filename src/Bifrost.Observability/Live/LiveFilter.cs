using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Observability.Live;

/// <summary>Whether a row is one that somebody asked for, answered from the row alone.</summary>
public static class LiveFilter
{
    /// <summary>Everything but <see cref="LogFilter.Text"/>, which needs content and is left out of account.</summary>
    public static bool Matches(LogFilter filter, LogRow row)
    {
        if (row.At < filter.From || row.At >= filter.To)
        {
            return false;
        }

        foreach (var (dimension, wanted) in filter.Values)
        {
            if (wanted.Count > 0 && !wanted.Contains(ValueOf(row, dimension) ?? ""))
            {
                return false;
            }
        }

        return Within(filter.Latency, row.Latency)
            && Within(filter.Tokens, row.InputTokens + row.OutputTokens)
            && (filter.Cost is null || (row.Cost is { } cost && Within(filter.Cost, cost)))
            && (!filter.MissingCostOnly || row.Cost is null)
            && filter.Metadata.All(row.Metadata.Contains);
    }

    /// <summary>What a row has in a dimension, or null.</summary>
    public static string? ValueOf(LogRow row, LogDimension dimension) =>
        dimension switch
        {
            LogDimension.VirtualKey => row.VirtualKeyId,
            LogDimension.Team => row.TeamId,
            LogDimension.BusinessUnit => row.BusinessUnitId,
            LogDimension.Customer => row.CustomerId,
            LogDimension.User => row.UserId,
            LogDimension.Provider => row.Provider,
            LogDimension.ProviderKey => row.ProviderKeyId,
            LogDimension.Model => row.SentModel ?? (row.AskedModel.Length > 0 ? row.AskedModel : null),
            LogDimension.Operation => row.Operation,
            LogDimension.Status => StatusWord(row.Status),
            LogDimension.Fault => row.Fault,
            LogDimension.Lane => row.Lane,
            LogDimension.Streamed => row.Streamed ? "true" : "false",
            _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "There is no such dimension."),
        };

    public static string StatusWord(LogStatus status) =>
        status switch
        {
            LogStatus.Success => "success",
            LogStatus.Error => "error",
            _ => "cancelled",
        };

    private static bool Within(LogRange<long>? range, long value) =>
        range is not { } asked || ((asked.Min is not { } min || value >= min) && (asked.Max is not { } max || value <= max));
}
