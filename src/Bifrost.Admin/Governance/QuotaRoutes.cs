using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>What a virtual key may still do: told to its owner who shows it, and explained to operators.</summary>
internal sealed class QuotaRoutes(GovernanceRegistry registry, IStandings standings, TimeProvider clock)
{
    private readonly BindingLimits _binding = new(standings);

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
        var limits = _binding.Of(key, now);
        var refusal = RefusalOf(key, time);
        var stopping = limits.FirstOrDefault(l => l.Remaining == 0 && l.Only is null);
        var notes = BindingLimits.PerValue(key, now).Select(l => $"Each value of {l.Header} has limits of its own ({l.Name}).");
        return new JsonObject
        {
            ["can_call"] = refusal is null && stopping is null,
            ["summary"] =
                refusal
                ?? (limits.Count == 0 ? "No limit binds this key." : stopping?.Sentence(time) ?? $"Tightest: {limits[0].Sentence(time)}"),
            ["limits"] = new JsonArray([.. limits.Select(l => View(l, time))]),
            ["notes"] = new JsonArray([.. notes.Select(n => JsonValue.Create(n))]),
        };
    }

    private static string? RefusalOf(VirtualKey key, DateTimeOffset now) =>
        !key.IsActive ? "The key is switched off; all its calls are refused."
        : key.ExpiresAt <= now ? $"The key expired at {Times.Write(key.ExpiresAt.Value)}; all its calls are refused."
        : key.ProviderConfigs is { Count: 0 } ? "The key may use no provider at all."
        : null;

    private static JsonObject View(BindingLimit limit, DateTimeOffset now)
    {
        JsonNode Amount(long amount) => limit.Kind == "budget" ? Dollars.Write(amount) : JsonValue.Create(amount);
        return new JsonObject
        {
            ["level"] = limit.Level,
            ["owner"] = limit.Owner,
            ["kind"] = limit.Kind,
            ["id"] = limit.Id,
            ["limit"] = Amount(limit.Limit),
            ["used"] = Amount(limit.Used),
            ["remaining"] = Amount(limit.Remaining),
            ["remaining_percent"] = decimal.Round(limit.Room * 100, 2),
            ["reset_duration"] = limit.Every,
            ["next_reset"] = limit.Ends is { } end ? Times.Write(end) : null,
            ["only_for"] = limit.Only,
            ["sentence"] = limit.Sentence(now),
        };
    }
}
