using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>What a virtual key may still do: told to its owner who shows it, and explained to operators.</summary>
internal sealed class QuotaRoutes(GovernanceRegistry registry, IStandings standings, TimeProvider clock)
{
    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/governance/virtual-keys/quota", "What the virtual key that asks may still do.", QuotaAsync)
            {
                Group = VirtualKeyKind.Heading,
                Guard = Guard.VirtualKey,
                Query = [new("explain", "true: every limit that binds the key now, the tightest first, in words.", FieldKind.Flag)],
                Answer = "`virtual_key` with its limits and how they stand.",
            },
            new(
                "GET",
                "/api/governance/virtual-keys/{id}/explain",
                "Which limits bind this key now, the tightest first, in words.",
                ExplainAsync
            )
            {
                Group = VirtualKeyKind.Heading,
                Answer = "`can_call`, `summary` and `limits`.",
                Refusals = [404],
            },
        ];

    private Task<Reply> QuotaAsync(Call call)
    {
        var now = registry.Now;
        var caller = registry.Find(call.Identity.VirtualKey!, clock.GetUtcNow());
        if (caller is null || !now.VirtualKeys.TryGetValue(caller.Id, out var key))
        {
            return Task.FromResult(Reply.Refused(401, "There is no such virtual key."));
        }

        var views = new LimitViews(standings);
        var view = new JsonObject
        {
            ["id"] = key.Id,
            ["name"] = key.Name,
            ["is_active"] = key.IsActive,
            ["expires_at"] = key.ExpiresAt is { } end ? Times.Write(end) : null,
        };
        view["provider_configs"] = new VirtualKeyKind().Parts(key, views);
        views.Write(view, key.Budgets, key.RateLimit);
        var body = new JsonObject { ["virtual_key"] = view };
        if (call.Flag("explain"))
        {
            body["explanation"] = Explanation(key, now);
        }

        return Task.FromResult(Reply.Ok(body));
    }

    private Task<Reply> ExplainAsync(Call call)
    {
        var now = registry.Now;
        return Task.FromResult(
            now.VirtualKeys.TryGetValue(call["id"], out var key)
                ? Reply.Ok(Explanation(key, now))
                : Reply.NotFound("virtual key", call["id"])
        );
    }

    private JsonObject Explanation(VirtualKey key, GovernanceSnapshot now)
    {
        var time = clock.GetUtcNow();
        var limits = (registry.Explain(key.Id) ?? []).Select(v => new BindingLimit(v)).ToList();
        var refusal = RefusalOf(key, time);
        var stopping = limits.FirstOrDefault(l => l.IsExhausted && l.Only is null);
        var notes = now
            .DimensionLimits.Values.Where(l => l.VirtualKeyId is null || l.VirtualKeyId == key.Id)
            .OrderBy(l => l.Name, StringComparer.Ordinal)
            .Select(l =>
                l.Value is null
                    ? $"Each value of {l.Header} has limits of its own ({l.Name})."
                    : $"Calls with {l.Header}: {l.Value} have limits of their own ({l.Name})."
            );
        return new JsonObject
        {
            ["can_call"] = refusal is null && stopping is null,
            ["summary"] =
                refusal
                ?? (limits.Count == 0 ? "No limit binds this key." : stopping?.Sentence(time) ?? $"Tightest: {limits[0].Sentence(time)}"),
            ["limits"] = new JsonArray([.. limits.Select(l => l.View(time))]),
            ["notes"] = new JsonArray([.. notes.Select(n => JsonValue.Create(n))]),
        };
    }

    private static string? RefusalOf(VirtualKey key, DateTimeOffset now) =>
        !key.IsActive ? "The key is switched off; all its calls are refused."
        : key.ExpiresAt <= now ? $"The key expired at {Times.Write(key.ExpiresAt.Value)}; all its calls are refused."
        : key.ProviderConfigs is { Count: 0 } ? "The key may use no provider at all."
        : null;
}
