using Bifrost.Configuration.Settings;
using Bifrost.Governance.Registry;
using Bifrost.Observability.Stores;

namespace Bifrost.Admin.Logs;

/// <summary>What is shown for the values of a dimension: names of things, and of things that are no more.</summary>
internal sealed class LogNames(GovernanceRegistry registry, GatewaySettings settings, ILogStore store)
{
    // Each takes a question to the store.
    private const int MostAsked = 50;

    /// <summary>The value itself where it is its own name; null where a thing is no more and its rows do not say what it was called.</summary>
    public string? NameOf(LogDimension dimension, string value)
    {
        var now = registry.Now;
        return dimension switch
        {
            _ when value.Length == 0 => Dimension.None,
            LogDimension.VirtualKey => now.VirtualKeys.GetValueOrDefault(value)?.Name,
            LogDimension.Team => now.Teams.GetValueOrDefault(value)?.Name,
            LogDimension.BusinessUnit => now.BusinessUnits.GetValueOrDefault(value)?.Name,
            LogDimension.Customer => now.Customers.GetValueOrDefault(value)?.Name,
            LogDimension.User => now.Users.GetValueOrDefault(value)?.Name,
            LogDimension.ProviderKey => settings
                .Config.Providers.Values.SelectMany(static p => p.Keys)
                .FirstOrDefault(k => (k.Id ?? k.Name) == value)
                ?.Name,
            _ => value,
        };
    }

    /// <summary>Values with their names; what is no more is marked as such.</summary>
    public async Task<IReadOnlyList<NamedValue>> NamedAsync(
        LogDimension dimension,
        IEnumerable<string> values,
        LogFilter within,
        CancellationToken cancel
    )
    {
        var named = new List<NamedValue>();
        var asked = 0;
        foreach (var value in values)
        {
            if (NameOf(dimension, value) is { } name)
            {
                named.Add(new NamedValue(value, name, IsDeleted: false));
                continue;
            }

            var last = asked++ < MostAsked ? await LastNameAsync(dimension, value, within, cancel) : null;
            named.Add(new NamedValue(value, $"{last ?? value} (deleted)", IsDeleted: true));
        }

        return named;
    }

    /// <summary>Virtual keys and provider keys are named on their rows.</summary>
    private async Task<string?> LastNameAsync(LogDimension dimension, string value, LogFilter within, CancellationToken cancel)
    {
        if (dimension is not (LogDimension.VirtualKey or LogDimension.ProviderKey))
        {
            return null;
        }

        var filter = new LogFilter
        {
            From = within.From,
            To = within.To,
            Values = new Dictionary<LogDimension, IReadOnlyList<string>> { [dimension] = [value] },
        };
        var page = await store.PageAsync(new LogPageQuery(filter, LogSort.Time, Descending: true, Limit: 1, After: null), cancel);
        return page.Rows is [var row] ? (dimension == LogDimension.VirtualKey ? row.VirtualKeyName : row.ProviderKeyName) : null;
    }
}

/// <param name="Value">As it is filtered by.</param>
/// <param name="Name">As it is shown.</param>
/// <param name="IsDeleted">There was such a thing, and there is no more.</param>
internal sealed record NamedValue(string Value, string Name, bool IsDeleted);
