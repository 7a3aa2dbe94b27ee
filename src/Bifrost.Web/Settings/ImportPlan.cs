using System.Text.Json.Nodes;

namespace Bifrost.Web.Settings;

/// <summary>What of a config.json would be taken, told before it is.</summary>
internal sealed class ImportPlan
{
    /// <summary>What would change, each with a word about it.</summary>
    public List<(string Title, string Words)> Parts { get; } = [];

    /// <summary>What is not taken, in a sentence; null: nothing is left.</summary>
    public string? Left { get; private set; }

    /// <summary>What is sent.</summary>
    public JsonObject Body { get; } = [];

    public bool HasAccount => Body.ContainsKey("auth_config");

    /// <param name="file">A config.json.</param>
    /// <param name="now">What <c>/api/providers</c> says.</param>
    public static ImportPlan Of(JsonObject file, JsonObject now)
    {
        var plan = new ImportPlan();
        foreach (var part in new[] { "client", "providers", "auth_config" })
        {
            if (file.TryGetPropertyValue(part, out var value))
            {
                plan.Body[part] = value?.DeepClone();
            }
        }

        if (file["client"] is JsonObject client)
        {
            plan.Parts.Add(("client", $"{client.Count} settings"));
        }

        foreach (var (name, value) in file["providers"] as JsonObject ?? [])
        {
            var keys = (value as JsonObject)?["keys"] as JsonArray ?? [];
            var words = $"{(IsKnown(now, name) ? "changed" : "new")}, {keys.Count} {(keys.Count == 1 ? "key" : "keys")}";
            plan.Parts.Add(($"providers.{name}", words));
        }

        if (plan.HasAccount)
        {
            plan.Parts.Add(("auth_config", "the administrator's account"));
        }

        var others = file.Select(f => f.Key).Where(k => !plan.Body.ContainsKey(k) && k is not ("$schema" or "version")).ToList();
        plan.Left =
            plan.Body.Count == 0 ? "There is nothing in this file that could be taken."
            : others.Count > 0 ? $"Not taken: {string.Join(", ", others)}. A gateway reads them from its own config.json at a start."
            : null;
        return plan;
    }

    private static bool IsKnown(JsonObject now, string name) =>
        (now["providers"] as JsonArray ?? []).OfType<JsonObject>().Any(p => p["name"]?.ToString() == name);
}
