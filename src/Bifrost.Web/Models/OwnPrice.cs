using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Bifrost.Web.Models;

/// <summary>A price of the operator's own.</summary>
public sealed record OwnPrice
{
    /// <summary>Null: it stands among the settings of its provider.</summary>
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string ScopeKind { get; init; } = "global";
    public string? ProviderId { get; init; }
    public string? ProviderKeyId { get; init; }
    public string? VirtualKeyId { get; init; }
    public string MatchType { get; init; } = "exact";
    public string Pattern { get; init; } = "";
    public IReadOnlyList<string> RequestTypes { get; init; } = [];
    public IReadOnlyDictionary<string, decimal> Rates { get; init; } = new Dictionary<string, decimal>();

    public string Title => string.IsNullOrEmpty(Name) ? Pattern : Name;

    /// <summary>Whoever calls, with whatever key, for whatever.</summary>
    public bool IsForAllCalls => ScopeKind is "global" or "provider" && RequestTypes.Count == 0;

    /// <summary>Published names that mean the same, in dollars for one.</summary>
    internal static IReadOnlyDictionary<string, (string Kind, decimal Times)> Published { get; } =
        new Dictionary<string, (string, decimal)>(StringComparer.Ordinal)
        {
            ["input_cost_per_token"] = ("input", 1_000_000),
            ["output_cost_per_token"] = ("output", 1_000_000),
            ["cache_read_input_token_cost"] = ("cache_read", 1_000_000),
            ["cache_creation_input_token_cost"] = ("cache_write", 1_000_000),
            ["input_cost_per_audio_token"] = ("input_audio", 1_000_000),
            ["output_cost_per_audio_token"] = ("output_audio", 1_000_000),
            ["input_cost_per_image_token"] = ("input_image", 1_000_000),
            ["output_cost_per_reasoning_token"] = ("reasoning", 1_000_000),
            ["output_cost_per_image"] = ("image", 1),
            ["output_cost_per_video_per_second"] = ("video_second", 1),
        };

    /// <summary>Reads what the API shows; prices under published names too.</summary>
    public static OwnPrice Of(JsonObject document) =>
        new()
        {
            Id = Text(document, "id"),
            Name = Text(document, "name"),
            ScopeKind = Text(document, "scope_kind") ?? "global",
            ProviderId = Text(document, "provider_id"),
            ProviderKeyId = Text(document, "provider_key_id"),
            VirtualKeyId = Text(document, "virtual_key_id"),
            MatchType = Text(document, "match_type") ?? "exact",
            Pattern = Text(document, "pattern") ?? Text(document, "model_pattern") ?? "",
            RequestTypes = [.. (document["request_types"] as JsonArray ?? []).Select(t => t?.ToString() ?? "")],
            Rates = RatesOf(document),
        };

    /// <summary>One that stands among a provider's settings.</summary>
    public static OwnPrice OfProvider(JsonObject document, string provider) =>
        Of(document) with
        {
            Id = null,
            ScopeKind = "provider",
            ProviderId = provider,
        };

    /// <summary>Whether it is for this model, as far as model and provider say.</summary>
    public bool IsFor(string provider, string model) =>
        (ProviderId is null || string.Equals(ProviderId, provider, StringComparison.OrdinalIgnoreCase)) && Matches(model);

    private bool Matches(string model)
    {
        if (MatchType == "regex")
        {
            try
            {
                return Regex.IsMatch(model, Pattern, RegexOptions.IgnoreCase | RegexOptions.NonBacktracking);
            }
            catch (Exception notOurs) when (notOurs is ArgumentException or NotSupportedException)
            {
                return false;
            }
        }

        var inner = Pattern.Trim('*');
        return (Pattern.StartsWith('*'), Pattern.EndsWith('*')) switch
        {
            (true, true) => model.Contains(inner, StringComparison.OrdinalIgnoreCase),
            (true, false) => model.EndsWith(inner, StringComparison.OrdinalIgnoreCase),
            (false, true) => model.StartsWith(inner, StringComparison.OrdinalIgnoreCase),
            _ => string.Equals(model, Pattern, StringComparison.OrdinalIgnoreCase),
        };
    }

    private static Dictionary<string, decimal> RatesOf(JsonObject document)
    {
        var rates = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var part in new[] { document, document["patch"] as JsonObject, Inner(document) }.OfType<JsonObject>())
        {
            foreach (var (name, (kind, times)) in Published)
            {
                if (Number(part[name]) is { } price)
                {
                    rates[kind] = price * times;
                }
            }
        }

        foreach (var (kind, price) in document["rates"] as JsonObject ?? [])
        {
            if (Number(price) is { } set)
            {
                rates[kind] = set;
            }
        }

        return rates;
    }

    private static JsonObject? Inner(JsonObject document)
    {
        try
        {
            return Text(document, "pricing_patch") is { } text ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? Text(JsonObject document, string name) =>
        document[name] is { } node && node.GetValueKind() == JsonValueKind.String ? (string?)node : null;

    private static decimal? Number(JsonNode? node) =>
        node?.GetValueKind() == JsonValueKind.Number
        && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
}
