using System.Globalization;
using Bifrost.Admin.Bodies;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>A limit that stands between a virtual key and its next call.</summary>
/// <param name="Level">Whose limit it is: <c>virtual_key</c>, <c>team</c>, <c>model</c>.</param>
/// <param name="Owner">The name of whose it is.</param>
/// <param name="Kind"><c>budget</c>, <c>tokens</c>, <c>requests</c> or <c>concurrent</c>.</param>
/// <param name="Id">Of the budget or rate limit.</param>
/// <param name="Limit">Nanodollars or units.</param>
/// <param name="Used">The same, held amounts included.</param>
/// <param name="Every">Its period, or null.</param>
/// <param name="Ends">When the running period ends, or null.</param>
internal sealed record BindingLimit(
    string Level,
    string Owner,
    string Kind,
    string Id,
    long Limit,
    long Used,
    string? Every,
    DateTimeOffset? Ends
)
{
    /// <summary>What it holds for: not every call of the key, or null.</summary>
    public string? Only { get; init; }

    public long Remaining => Math.Max(0, Limit - Used);

    /// <summary>From 0 (nothing left) to 1.</summary>
    public decimal Room => Limit <= 0 ? 0 : (decimal)Remaining / Limit;

    public string Sentence(DateTimeOffset now)
    {
        var what = Kind switch
        {
            "budget" => $"{Dollars.Show(Remaining)} of {Dollars.Show(Limit)} left",
            "concurrent" => $"{Remaining} of {Limit} calls at once left",
            _ => $"{Remaining} of {Limit} {Kind} left",
        };
        var whose = Level switch
        {
            "virtual_key" => "the key's own",
            _ => $"of {Level.Replace('_', ' ')} {Owner}",
        };
        var name =
            Kind == "budget" ? "budget"
            : Kind == "concurrent" ? "limit on calls at once"
            : $"{Kind} limit";
        var scope = Only is null ? "" : $", only for {Only}";
        var state = Remaining == 0 ? "Calls are refused: " : "";
        var end =
            Kind == "concurrent" ? ""
            : Ends is { } at ? $" It begins anew in {Span(at - now)} ({Times.Write(at)})."
            : " It never begins anew.";
        return $"{state}{what} in the {(Every is null or "never" ? "" : Every + " ")}{name} {whose}{scope}.{end}";
    }

    private static string Span(TimeSpan span)
    {
        static string Count(double number, string unit) =>
            string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(number):0} {unit}{(Math.Ceiling(number) == 1 ? "" : "s")}");
        return span.TotalMinutes < 1 ? Count(Math.Max(0, span.TotalSeconds), "second")
            : span.TotalHours < 2 ? Count(span.TotalMinutes, "minute")
            : span.TotalDays < 2 ? Count(span.TotalHours, "hour")
            : Count(span.TotalDays, "day");
    }
}

/// <summary>Gathers every limit that a call of a virtual key may meet.</summary>
internal sealed class BindingLimits(IStandings standings)
{
    /// <summary>The tightest first: what has the smallest part left.</summary>
    public IReadOnlyList<BindingLimit> Of(VirtualKey key, GovernanceSnapshot now)
    {
        var found = new List<BindingLimit>();
        Add(found, "virtual_key", key.Name, key.Budgets, key.RateLimit, null);
        foreach (var part in key.ProviderConfigs ?? [])
        {
            Add(found, "virtual_key", key.Name, part.Budgets, part.RateLimit, $"provider {part.Provider}");
        }

        var team = key.TeamId is { } teamId ? now.Teams.GetValueOrDefault(teamId) : null;
        var unit = team?.BusinessUnitId is { } unitId ? now.BusinessUnits.GetValueOrDefault(unitId) : null;
        var customerId = key.CustomerId ?? team?.CustomerId ?? unit?.CustomerId;
        var customer = customerId is null ? null : now.Customers.GetValueOrDefault(customerId);
        var user = key.UserId is { } userId ? now.Users.GetValueOrDefault(userId) : null;
        Add(found, "team", team?.Name, team, null);
        Add(found, "business_unit", unit?.Name, unit, null);
        Add(found, "customer", customer?.Name, customer, null);
        Add(found, "user", user?.Name, user, null);
        foreach (var limit in now.ProviderLimits.Values.Where(l => Uses(key, l.Id)))
        {
            Add(found, "provider", limit.Id, limit, $"provider {limit.Id}");
        }

        foreach (var limit in now.ModelLimits.Values.Where(l => l.UserId is null || l.UserId == key.UserId))
        {
            if (limit.Provider is null || Uses(key, limit.Provider))
            {
                var at = limit.Provider is null ? "" : $" at {limit.Provider}";
                Add(found, "model", limit.ModelName, limit, $"model {limit.ModelName}{at}");
            }
        }

        foreach (
            var limit in now.DimensionLimits.Values.Where(l => l.Value is not null && (l.VirtualKeyId is null || l.VirtualKeyId == key.Id))
        )
        {
            Add(found, "dimension", limit.Name, limit, $"calls with {limit.Header}: {limit.Value}");
        }

        return [.. found.OrderBy(l => l.Room).ThenBy(l => l.Remaining)];
    }

    /// <summary>Limits whose counters depend on what a call says of itself; there is no one number for them.</summary>
    public static IEnumerable<DimensionLimit> PerValue(VirtualKey key, GovernanceSnapshot now) =>
        now.DimensionLimits.Values.Where(l => l.Value is null && (l.VirtualKeyId is null || l.VirtualKeyId == key.Id));

    private void Add(List<BindingLimit> found, string level, string? name, LimitedObject? owner, string? only)
    {
        if (owner is not null)
        {
            Add(found, level, name ?? owner.Id, owner.Budgets, owner.RateLimit, only);
        }
    }

    private void Add(List<BindingLimit> found, string level, string name, IReadOnlyList<Budget> budgets, RateLimit? rate, string? only)
    {
        foreach (var budget in budgets)
        {
            var at = standings.Of(budget);
            found.Add(
                new(level, name, "budget", budget.Id, at.Limit, at.Used + at.Held, budget.ResetDuration, at.PeriodEnd) { Only = only }
            );
        }

        if (rate is null)
        {
            return;
        }

        var now = standings.Of(rate);
        if (rate.TokenMaxLimit is { } tokens)
        {
            found.Add(
                new(level, name, "tokens", rate.Id, tokens, now.Tokens.Used, rate.TokenResetDuration, now.Tokens.End) { Only = only }
            );
        }

        if (rate.RequestMaxLimit is { } requests)
        {
            found.Add(
                new(level, name, "requests", rate.Id, requests, now.Requests.Used, rate.RequestResetDuration, now.Requests.End)
                {
                    Only = only,
                }
            );
        }

        if (rate.ConcurrentMaxLimit is { } calls)
        {
            found.Add(new(level, name, "concurrent", rate.Id, calls, now.Concurrent, null, null) { Only = only });
        }
    }

    private static bool Uses(VirtualKey key, string provider) =>
        key.ProviderConfigs is null
        || key.ProviderConfigs.Any(p => string.Equals(p.Provider, provider, StringComparison.OrdinalIgnoreCase));
}
