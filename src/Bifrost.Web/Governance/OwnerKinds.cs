namespace Bifrost.Web.Governance;

/// <summary>Whose limits there are, as the API's lists of limits name them.</summary>
internal static class OwnerKinds
{
    /// <summary>In the order of the filter: the API's word, the words for people, the path in the API.</summary>
    public static IReadOnlyList<(string Type, string Words, string Path)> All { get; } =
    [("virtual_key", "virtual key", "virtual-keys"), .. Kinds.All.Select(k => (k.OwnerType, k.Words, k.Path))];

    public static string Words(string? type) => All.FirstOrDefault(k => k.Type == type).Words ?? type ?? "";

    public static string Path(string? type) => All.FirstOrDefault(k => k.Type == type).Path ?? "virtual-keys";

    /// <summary>Where one is looked at and changed.</summary>
    public static string Page(string? type, string? id)
    {
        var path = Path(type);
        var escaped = Uri.EscapeDataString(id ?? "");
        return Kinds.Limits.Any(k => k.Path == path) ? $"limits?view={path}&id={escaped}" : $"{path}?id={escaped}";
    }

    /// <summary>How the log finds the calls that count; null: it cannot.</summary>
    public static string? LogFilter(Budget budget, string ownerName) =>
        budget.OwnerType switch
        {
            "provider_limit" => $"providers={Uri.EscapeDataString(budget.OwnerId ?? "")}",
            "model_limit" => $"models={Uri.EscapeDataString(ownerName)}",
            "virtual_key" => $"virtual_key_ids={Uri.EscapeDataString(budget.OwnerId ?? "")}",
            _ => Kinds.All.FirstOrDefault(k => k.OwnerType == budget.OwnerType)?.LogFilter is { } filter
                ? $"{filter}={Uri.EscapeDataString(budget.OwnerId ?? "")}"
                : null,
        };
}
