using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Registry;

/// <summary>Fills in what the registry decides: times, the beginnings of grids, ids of provider configs.</summary>
internal static class Completion
{
    public static GovernanceObject Of(GovernanceObject value, GovernanceObject? old, DateTimeOffset now)
    {
        var complete = value with { CreatedAt = old?.CreatedAt ?? now, UpdatedAt = now };
        if (complete is VirtualKey { ProviderConfigs: { } configs } key)
        {
            complete = key with { ProviderConfigs = Numbered(configs, (old as VirtualKey)?.ProviderConfigs ?? [], now) };
        }

        return complete is LimitedObject limited
            ? limited with
            {
                Budgets = Anchored(limited.Budgets, (old as LimitedObject)?.Budgets ?? [], now),
                RateLimit = Anchored(limited.RateLimit, (old as LimitedObject)?.RateLimit, now),
            }
            : complete;
    }

    /// <summary>A config without an id (0) gets one that no other config of the key has, or had until now.</summary>
    private static VirtualKeyProvider[] Numbered(
        IReadOnlyList<VirtualKeyProvider> configs,
        IReadOnlyList<VirtualKeyProvider> old,
        DateTimeOffset now
    )
    {
        var last = 0;
        var before = new Dictionary<int, VirtualKeyProvider>();
        foreach (var config in old)
        {
            before[config.Id] = config;
            last = Math.Max(last, config.Id);
        }

        foreach (var config in configs)
        {
            last = Math.Max(last, config.Id);
        }

        var numbered = new VirtualKeyProvider[configs.Count];
        for (var i = 0; i < numbered.Length; i++)
        {
            var config = configs[i];
            var was = before.GetValueOrDefault(config.Id);
            numbered[i] = config with
            {
                Id = config.Id == 0 && last < int.MaxValue ? ++last : config.Id,
                Budgets = Anchored(config.Budgets, was?.Budgets ?? [], now),
                RateLimit = Anchored(config.RateLimit, was?.RateLimit, now),
            };
        }

        return numbered;
    }

    private static IReadOnlyList<Budget> Anchored(IReadOnlyList<Budget> budgets, IReadOnlyList<Budget> old, DateTimeOffset now)
    {
        if (budgets.All(IsComplete))
        {
            return budgets;
        }

        var anchored = new Budget[budgets.Count];
        for (var i = 0; i < anchored.Length; i++)
        {
            var budget = budgets[i];
            anchored[i] = IsComplete(budget)
                ? budget
                : budget with
                {
                    Anchor = budget.Anchor == default ? old.FirstOrDefault(was => was.Id == budget.Id)?.Anchor ?? now : budget.Anchor,
                    Override = budget.Override is { } more && more.From == default ? more with { From = now } : budget.Override,
                };
        }

        return anchored;
    }

    private static RateLimit? Anchored(RateLimit? rate, RateLimit? old, DateTimeOffset now) =>
        rate is null || rate.Anchor != default ? rate : rate with { Anchor = old is not null && old.Id == rate.Id ? old.Anchor : now };

    private static bool IsComplete(Budget budget) => budget.Anchor != default && budget.Override?.From != default(DateTimeOffset);
}
