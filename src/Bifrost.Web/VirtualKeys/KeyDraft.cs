using System.Globalization;
using System.Text.Json.Nodes;
using Bifrost.Web.Governance;

namespace Bifrost.Web.VirtualKeys;

/// <summary>A virtual key as somebody types it.</summary>
public sealed class KeyDraft
{
    private const string Moment = "yyyy-MM-ddTHH:mm";

    private DateTimeOffset? _expiry;
    private string _expiryAsRead = "";

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string Tags { get; set; } = "";

    public string? TeamId { get; set; }

    public string? CustomerId { get; set; }

    public string? UserId { get; set; }

    /// <summary>A wall clock's time, where whoever types it is.</summary>
    public string Expires { get; set; } = "";

    public bool OnlySomeProviders { get; set; }

    public List<ProviderDraft> Providers { get; } = [];

    public LimitDraft Limits { get; private init; } = new();

    public static KeyDraft Of(VirtualKey key, TimeZoneInfo zone)
    {
        var draft = new KeyDraft
        {
            Name = key.Name,
            Description = key.Description ?? "",
            Tags = string.Join(", ", key.Tags),
            TeamId = key.TeamId,
            CustomerId = key.CustomerId,
            UserId = key.UserId,
            OnlySomeProviders = key.ProviderConfigs is not null,
            Limits = LimitDraft.Of(key.Budgets, key.RateLimit),
            _expiry = key.ExpiresAt,
        };
        if (key.ExpiresAt is { } end)
        {
            draft.Expires = TimeZoneInfo.ConvertTime(end, zone).ToString(Moment, CultureInfo.InvariantCulture);
        }

        draft._expiryAsRead = draft.Expires;
        draft.Providers.AddRange((key.ProviderConfigs ?? []).Select(ProviderDraft.Of));
        return draft;
    }

    /// <summary>All of it: null takes away what was there.</summary>
    public JsonObject Json(TimeZoneInfo zone)
    {
        var json = new JsonObject
        {
            ["name"] = Name.Trim(),
            ["description"] = Empty(Description),
            ["tags"] = Words(Tags),
            ["team_id"] = TeamId,
            ["customer_id"] = CustomerId,
            ["user_id"] = UserId,
            ["expires_at"] = ExpiryIn(zone),
            ["provider_configs"] = OnlySomeProviders ? new JsonArray([.. Providers.Select(p => p.Json())]) : null,
        };
        Limits.Write(json);
        return json;
    }

    internal static JsonArray Words(string text) =>
        new([
            .. text.Split([',', '\n'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(w => JsonValue.Create(w)),
        ]);

    private static string? Empty(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private JsonValue? ExpiryIn(TimeZoneInfo zone)
    {
        if (Expires == _expiryAsRead)
        {
            return _expiry is { } same ? JsonValue.Create(same.UtcDateTime.ToString("O", CultureInfo.InvariantCulture)) : null;
        }

        if (string.IsNullOrWhiteSpace(Expires))
        {
            return null;
        }

        if (!DateTime.TryParse(Expires, CultureInfo.InvariantCulture, DateTimeStyles.None, out var wall))
        {
            return JsonValue.Create(Expires);
        }

        // In the hour that is left out in spring no clock shows this time.
        wall = zone.IsInvalidTime(wall) ? wall.AddHours(1) : wall;
        return JsonValue.Create(TimeZoneInfo.ConvertTimeToUtc(wall, zone).ToString("O", CultureInfo.InvariantCulture));
    }
}

/// <summary>What a key may use at a provider, as somebody types it.</summary>
public sealed class ProviderDraft
{
    public int? Id { get; set; }

    public string? Provider { get; set; }

    public string Models { get; set; } = "";

    public string Weight { get; set; } = "1";

    public bool OnlySomeKeys { get; set; }

    public HashSet<string> KeyIds { get; } = [];

    public LimitDraft Limits { get; private init; } = new();

    // An empty list allows nothing, and a field cannot say that: it says so itself.
    private bool NoModels { get; init; }

    public static ProviderDraft Of(KeyProvider config)
    {
        var draft = new ProviderDraft
        {
            Id = config.Id,
            Provider = config.Provider,
            Models = config.AllowedModels is null ? "" : string.Join(", ", config.AllowedModels.Where(m => m != "*")),
            NoModels = config.AllowedModels is { Count: 0 },
            Weight = config.Weight?.ToString(CultureInfo.InvariantCulture) ?? "",
            OnlySomeKeys = config.KeyIds is { } ids && !ids.Contains("*"),
            Limits = LimitDraft.Of(config.Budgets, config.RateLimit),
        };
        draft.KeyIds.UnionWith((config.KeyIds ?? []).Where(k => k != "*"));
        return draft;
    }

    internal JsonObject Json()
    {
        var models = KeyDraft.Words(Models);
        var json = new JsonObject
        {
            ["provider"] = Provider ?? "",
            ["weight"] = LimitDraft.Number(Weight),
            ["allowed_models"] = models.Count > 0 || NoModels ? models : new JsonArray("*"),
            ["key_ids"] = OnlySomeKeys ? new JsonArray([.. KeyIds.Select(k => JsonValue.Create(k))]) : new JsonArray("*"),
        };
        if (Id is { } id)
        {
            json["id"] = id;
        }

        Limits.Write(json);
        return json;
    }
}
