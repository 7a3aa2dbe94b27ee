using System.Text.Json.Nodes;
using Bifrost.Web.Api;

namespace Bifrost.Web.Settings;

/// <summary>What is to be sent to take a config.json.</summary>
internal sealed class ImportPlan
{
    private const string Redacted = "<redacted>";

    public List<ImportStep> Steps { get; } = [];

    /// <summary>What is not taken, in sentences.</summary>
    public List<string> Left { get; } = [];

    public bool HasAccount { get; private set; }

    /// <summary>There is something to take, and nothing is known to be wrong with it.</summary>
    public bool IsReady => Steps.Count > 0 && Steps.All(s => s.Problem is null || s.WasSent);

    /// <param name="file">A config.json.</param>
    /// <param name="now">What <c>/api/providers</c> says.</param>
    public static ImportPlan Of(JsonObject file, JsonObject now)
    {
        var plan = new ImportPlan();
        if (file["client"] is JsonObject client)
        {
            var body = new JsonObject { ["client_config"] = client.DeepClone() };
            plan.Steps.Add(new ImportStep("client", $"{client.Count} settings", "api/config", body));
        }

        foreach (var (name, value) in file["providers"] as JsonObject ?? [])
        {
            plan.AddProvider(name, value as JsonObject ?? [], Known(now, name));
        }

        // The account last: once it has changed, nothing more is taken before somebody signs in.
        if (file["auth_config"] is JsonObject auth)
        {
            var body = new JsonObject { ["auth_config"] = auth.DeepClone() };
            plan.HasAccount = true;
            plan.Steps.Add(new ImportStep("auth_config", "the administrator's account", "api/config", body));
        }

        var others = file.Select(f => f.Key)
            .Where(k => k is not ("client" or "providers" or "auth_config" or "$schema" or "version"))
            .ToList();
        if (others.Count > 0)
        {
            plan.Left.Add($"Not taken: {string.Join(", ", others)}. A gateway reads them from its own config.json at a start.");
        }

        if (plan.Steps.Count == 0)
        {
            plan.Left.Add("There is nothing in this file that could be taken.");
        }

        return plan;
    }

    private void AddProvider(string name, JsonObject provider, JsonObject? known)
    {
        var keys = provider["keys"] as JsonArray ?? [];
        var words = $"{(known is null ? "new" : "changed")}, {keys.Count} {(keys.Count == 1 ? "key" : "keys")}";
        var mistakes = keys.OfType<JsonObject>()
            .Index()
            .Where(k => IsRedacted(k.Item) && !Has(known, k.Item))
            .Select(k => new Mistake(
                $"keys[{k.Index}]",
                "has a secret that is not in the file, and this gateway has no key of that name. Write it, or env.NAME."
            ))
            .ToList();
        if (known is null && provider["network_config"] is JsonObject network && IsRedacted(network))
        {
            mistakes.Add(new Mistake("network_config", "has a secret that is not in the file. Write it, or env.NAME."));
        }

        Steps.Add(
            new ImportStep($"providers.{name}", words, $"api/providers/{Uri.EscapeDataString(name)}", provider.DeepClone().AsObject())
            {
                MayFailAlone = true,
                Problem = mistakes.Count == 0 ? null : new Problem(0, "A secret is missing. Nothing was sent.", mistakes),
                WasSent = mistakes.Count == 0,
            }
        );
    }

    private static bool IsRedacted(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.Any(m => IsRedacted(m.Value)),
            JsonArray items => items.Any(IsRedacted),
            JsonValue value => value.ToString() == Redacted,
            _ => false,
        };

    private static bool Has(JsonObject? provider, JsonObject key) =>
        (provider?["keys"] as JsonArray ?? []).Any(k => k?["name"]?.ToString() == key["name"]?.ToString());

    private static JsonObject? Known(JsonObject now, string name) =>
        (now["providers"] as JsonArray ?? []).OfType<JsonObject>().FirstOrDefault(p => p["name"]?.ToString() == name);
}

/// <summary>One request of it.</summary>
internal sealed class ImportStep(string title, string words, string path, JsonObject body)
{
    public string Title => title;

    public string Words => words;

    public string Path => path;

    public JsonObject Body => body;

    /// <summary>The others are taken even if this one is refused.</summary>
    public bool MayFailAlone { get; init; }

    /// <summary>False: it was found wanting before it was sent.</summary>
    public bool WasSent { get; init; } = true;

    public bool IsDone { get; set; }

    public Problem? Problem { get; set; }
}
