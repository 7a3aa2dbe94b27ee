using System.Globalization;

namespace Bifrost.Web.Logs;

/// <summary>Words for what the log has.</summary>
public static class LogWords
{
    /// <summary>Rules of a status' badge.</summary>
    public static string Kind(string status) =>
        status switch
        {
            "success" => "good",
            "error" => "bad",
            _ => "warn",
        };

    /// <summary><c>chat_completion</c> is <c>chat completion</c>.</summary>
    public static string Plain(string? word) => (word ?? "").Replace('_', ' ');

    /// <summary>Status, filled in where the word alone says too little.</summary>
    public static string Culprit(string? culprit) =>
        culprit switch
        {
            "caller" => "The caller can mend this: the request, or the key it was sent with, has to change.",
            "gateway" => "The gateway refused or failed: look at its settings, limits and providers.",
            "target" => "The provider failed or refused: look at its status, key and limits, or add a fallback.",
            _ => "",
        };

    /// <summary>A value of a filter as it is shown.</summary>
    public static string Value(string name, string value, LogValues? values)
    {
        var named = name switch
        {
            "virtual_key_ids" => values?.VirtualKeys,
            "selected_key_ids" => values?.SelectedKeys,
            "team_ids" => values?.Teams,
            "customer_ids" => values?.Customers,
            "business_unit_ids" => values?.BusinessUnits,
            "user_ids" => values?.Users,
            _ => null,
        };
        return name switch
        {
            "min_latency" or "max_latency" => $"{value} ms",
            "min_cost" or "max_cost" => $"${value}",
            "stream" => value == "true" ? "yes" : "no",
            "objects" or "fault" => Plain(value),
            _ => named?.FirstOrDefault(n => n.Id == value)?.Name ?? value,
        };
    }

    /// <summary>What a cost is made of.</summary>
    public static string CostKind(string kind) =>
        kind switch
        {
            "input" => "Tokens in",
            "output" => "Tokens out",
            "cached_read" => "Tokens read from the cache",
            "cached_write" => "Tokens written to the cache",
            "request" => "Request",
            "image" => "Pictures",
            _ => Plain(kind) is { Length: > 0 } plain ? char.ToUpper(plain[0], CultureInfo.InvariantCulture) + plain[1..] : "",
        };
}
