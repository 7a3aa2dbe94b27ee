using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs;

/// <summary>A row's dimensions as texts; none is empty.</summary>
internal static class Dimensions
{
    public const string True = "true";
    public const string False = "false";

    /// <summary>In the order of <see cref="LogDimension"/>, as the columns of the table.</summary>
    public static readonly string[] Columns =
    [
        "virtual_key",
        "team",
        "business_unit",
        "customer",
        "user_id",
        "provider",
        "provider_key",
        "model",
        "operation",
        "status",
        "fault",
        "lane",
        "streamed",
    ];

    public static int Count => Columns.Length;

    public static string Of(LogRow row, LogDimension dimension) =>
        dimension switch
        {
            LogDimension.VirtualKey => row.VirtualKeyId,
            LogDimension.Team => row.TeamId,
            LogDimension.BusinessUnit => row.BusinessUnitId,
            LogDimension.Customer => row.CustomerId,
            LogDimension.User => row.UserId,
            LogDimension.Provider => row.Provider,
            LogDimension.ProviderKey => row.ProviderKeyId,
            LogDimension.Model => row.SentModel ?? row.AskedModel,
            LogDimension.Operation => row.Operation,
            LogDimension.Status => TextOf((RowStatus)row.Status),
            LogDimension.Fault => row.Fault,
            LogDimension.Lane => row.Lane,
            LogDimension.Streamed => row.Streamed ? True : False,
            _ => throw new ArgumentOutOfRangeException(nameof(dimension), dimension, "There is no such dimension."),
        } ?? "";

    public static LogStatus StatusOf(string text) =>
        text switch
        {
            "error" => LogStatus.Error,
            "cancelled" => LogStatus.Cancelled,
            _ => LogStatus.Success,
        };

    private static string TextOf(RowStatus status) =>
        status switch
        {
            RowStatus.Error => "error",
            RowStatus.Cancelled => "cancelled",
            _ => "success",
        };
}
