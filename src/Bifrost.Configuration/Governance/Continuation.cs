using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Configuration.Governance;

/// <summary>Makes an object of the file the continuation of one that is there: what the file does not speak of stays.</summary>
internal static class Continuation
{
    public static GovernanceObject? Find(GovernanceSnapshot now, GovernanceObject value) =>
        value switch
        {
            Customer => now.Customers.GetValueOrDefault(value.Id),
            BusinessUnit => now.BusinessUnits.GetValueOrDefault(value.Id),
            Team => now.Teams.GetValueOrDefault(value.Id),
            User => now.Users.GetValueOrDefault(value.Id),
            VirtualKey => now.VirtualKeys.GetValueOrDefault(value.Id),
            ModelLimit => now.ModelLimits.GetValueOrDefault(value.Id),
            ProviderLimit => now.ProviderLimits.GetValueOrDefault(value.Id),
            DimensionLimit => now.DimensionLimits.GetValueOrDefault(value.Id),
            _ => null,
        };

    public static GovernanceObject Of(GovernanceObject value, GovernanceObject? before, DateTimeOffset time)
    {
        var limited = (LimitedObject)value with { CreatedAt = before?.CreatedAt ?? time, UpdatedAt = time };
        var old = before as LimitedObject;
        limited = limited with
        {
            Budgets = Budgets(limited.Budgets, old?.Budgets, time),
            RateLimit = Rate(limited.RateLimit, old?.RateLimit, time),
        };
        return limited is VirtualKey key ? Key(key, before as VirtualKey, time) : limited;
    }

    private static VirtualKey Key(VirtualKey key, VirtualKey? before, DateTimeOffset time)
    {
        if (before is not null && (key.ValueHash.Length == 0 || key.ValueHash == before.ValueHash))
        {
            key = key with
            {
                ValueHash = before.ValueHash,
                ValuePreview = before.ValuePreview,
                PreviousValueHash = before.PreviousValueHash,
                PreviousValueUntil = before.PreviousValueUntil,
            };
        }

        return key.ProviderConfigs is { } providers
            ? key with
            {
                ProviderConfigs = Providers(providers, before?.ProviderConfigs ?? [], time),
            }
            : key;
    }

    // Counters hang on these ids, so a provider keeps the one it had, and a new one never gets one that was another's.
    private static VirtualKeyProvider[] Providers(
        IReadOnlyList<VirtualKeyProvider> providers,
        IReadOnlyList<VirtualKeyProvider> before,
        DateTimeOffset time
    )
    {
        var next = providers.Concat(before).Max(p => (int?)p.Id) ?? 0;
        return
        [
            .. providers.Select(provider =>
            {
                var old = before.FirstOrDefault(b => string.Equals(b.Provider, provider.Provider, StringComparison.OrdinalIgnoreCase));
                return provider with
                {
                    Id =
                        provider.Id > 0 ? provider.Id
                        : old is not null ? old.Id
                        : ++next,
                    Budgets = Budgets(provider.Budgets, old?.Budgets, time),
                    RateLimit = Rate(provider.RateLimit, old?.RateLimit, time),
                };
            }),
        ];
    }

    private static Budget[] Budgets(IReadOnlyList<Budget> budgets, IReadOnlyList<Budget>? before, DateTimeOffset time) =>
        [
            .. budgets.Select(budget =>
                before?.FirstOrDefault(b => b.Id == budget.Id) is { } old
                    ? budget with
                    {
                        Anchor = old.Anchor,
                        Override = old.Override,
                        UsageEpoch = old.UsageEpoch,
                    }
                    : budget with
                    {
                        Anchor = time,
                    }
            ),
        ];

    private static RateLimit? Rate(RateLimit? rate, RateLimit? before, DateTimeOffset time) =>
        rate is null ? null : rate with { Anchor = before?.Id == rate.Id ? before.Anchor : time };
}
