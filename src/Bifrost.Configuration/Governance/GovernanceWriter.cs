using System.Globalization;
using System.Text.Json.Nodes;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Configuration.Governance;

/// <summary>Writes what governs callers as the <c>governance</c> section, limits within what they limit.</summary>
internal static class GovernanceWriter
{
    public static JsonObject Write(GovernanceSnapshot now)
    {
        var section = new JsonObject();
        Add(section, "customers", now.Customers.Values, c => new() { ["name"] = c.Name });
        Add(section, "business_units", now.BusinessUnits.Values, b => new() { ["name"] = b.Name, ["customer_id"] = b.CustomerId });
        Add(
            section,
            "teams",
            now.Teams.Values,
            t =>
                new()
                {
                    ["name"] = t.Name,
                    ["customer_id"] = t.CustomerId,
                    ["business_unit_id"] = t.BusinessUnitId,
                }
        );
        Add(section, "users", now.Users.Values, u => new() { ["name"] = u.Name, ["email"] = u.Email });
        Add(section, "virtual_keys", now.VirtualKeys.Values, Key);
        Add(
            section,
            "model_configs",
            now.ModelLimits.Values,
            m =>
                new()
                {
                    ["model_name"] = m.ModelName,
                    ["provider"] = m.Provider,
                    ["user_id"] = m.UserId,
                }
        );
        Add(section, "providers", now.ProviderLimits.Values, p => new() { ["name"] = p.Id });
        Add(
            section,
            "dimension_limits",
            now.DimensionLimits.Values,
            d =>
                new()
                {
                    ["name"] = d.Name,
                    ["header"] = d.Header,
                    ["value"] = d.Value,
                    ["virtual_key_id"] = d.VirtualKeyId,
                }
        );
        return section;
    }

    private static void Add<T>(JsonObject section, string name, IEnumerable<T> objects, Func<T, JsonObject> write)
        where T : LimitedObject
    {
        var items = new JsonArray();
        foreach (var item in objects.OrderBy(o => o.Id, StringComparer.Ordinal))
        {
            var written = Cleaned(write(item));
            written.Insert(0, "id", item.Id);
            Limits(written, item.Budgets, item.RateLimit);
            items.Add((JsonNode)written);
        }

        if (items.Count > 0)
        {
            section[name] = items;
        }
    }

    private static JsonObject Key(VirtualKey key)
    {
        var written = new JsonObject
        {
            ["name"] = key.Name,
            ["description"] = key.Description,
            ["is_active"] = key.IsActive,
            ["log_content"] = key.LogContent,
            ["expires_at"] = key.ExpiresAt?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture),
            ["tags"] = key.Tags.Count == 0 ? null : List(key.Tags),
            ["user_id"] = key.UserId,
            ["team_id"] = key.TeamId,
            ["customer_id"] = key.CustomerId,
        };
        if (key.ProviderConfigs is { } providers)
        {
            written["provider_configs"] = new JsonArray([.. providers.Select(p => (JsonNode)Access(p))]);
        }

        return written;
    }

    private static JsonObject Access(VirtualKeyProvider provider)
    {
        var written = Cleaned(
            new JsonObject
            {
                ["id"] = provider.Id,
                ["provider"] = provider.Provider,
                ["weight"] = provider.Weight,
                ["allowed_models"] = provider.AllowedModels is null ? null : List(provider.AllowedModels),
                ["key_ids"] = provider.KeyIds is null ? null : List(provider.KeyIds),
            }
        );
        Limits(written, provider.Budgets, provider.RateLimit);
        return written;
    }

    private static void Limits(JsonObject owner, IReadOnlyList<Budget> budgets, RateLimit? rate)
    {
        if (budgets.Count > 0)
        {
            owner["budgets"] = new JsonArray([.. budgets.Select(b => (JsonNode)Money(b))]);
        }

        if (rate is not null)
        {
            owner["rate_limit"] = Cleaned(
                new JsonObject
                {
                    ["id"] = rate.Id,
                    ["token_max_limit"] = rate.TokenMaxLimit,
                    ["token_reset_duration"] = rate.TokenResetDuration,
                    ["request_max_limit"] = rate.RequestMaxLimit,
                    ["request_reset_duration"] = rate.RequestResetDuration,
                    ["concurrent_max_limit"] = rate.ConcurrentMaxLimit,
                }
            );
        }
    }

    private static JsonObject Money(Budget budget) =>
        new()
        {
            ["id"] = budget.Id,
            ["max_limit"] = budget.MaxLimit / 1_000_000_000m,
            ["reset_duration"] = budget.ResetDuration,
            ["calendar_aligned"] = budget.CalendarAligned,
            ["time_zone"] = budget.TimeZone,
            ["quarter_start_month"] = budget.QuarterStartMonth,
            ["enforcement"] = budget.Enforcement == Enforcement.Hard ? "hard" : "standard",
        };

    private static JsonObject Cleaned(JsonObject written)
    {
        foreach (var name in written.Where(m => m.Value is null).Select(m => m.Key).ToArray())
        {
            written.Remove(name);
        }

        return written;
    }

    private static JsonArray List(IReadOnlyList<string> texts) => new([.. texts.Select(t => (JsonNode)JsonValue.Create(t))]);
}
