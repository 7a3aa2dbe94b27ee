namespace Bifrost.Web.Logs;

/// <summary>A column of the list.</summary>
/// <param name="Name">As it is remembered.</param>
/// <param name="Title">As it is headed.</param>
/// <param name="Sort">What the API sorts it by, or null.</param>
/// <param name="IsNumber">Aligned to the right.</param>
public sealed record LogColumn(string Name, string Title, string? Sort = null, bool IsNumber = false)
{
    /// <summary>Every one there is, in its order.</summary>
    public static IReadOnlyList<LogColumn> All { get; } =
    [
        new("status", "Status"),
        new("time", "Time", "timestamp"),
        new("type", "Type"),
        new("message", "Message"),
        new("provider", "Provider"),
        new("model", "Model"),
        new("asked_model", "Model asked for"),
        new("virtual_key", "Virtual key"),
        new("key", "Provider key"),
        new("fault", "Fault"),
        new("latency", "Latency", "latency", IsNumber: true),
        new("first_byte", "First byte", null, IsNumber: true),
        new("tokens", "Tokens", "tokens", IsNumber: true),
        new("cost", "Cost", "cost", IsNumber: true),
        new("id", "Id"),
    ];

    /// <summary>What is shown until somebody chooses.</summary>
    public static IReadOnlyList<string> Usual { get; } = ["status", "time", "message", "model", "virtual_key", "latency", "tokens", "cost"];

    /// <summary>Those of the names that there are; time always, because it opens the row.</summary>
    public static IReadOnlyList<string> Known(IEnumerable<string> names)
    {
        var wanted = names.Append("time").ToHashSet();
        return [.. All.Select(static c => c.Name).Where(wanted.Contains)];
    }
}
