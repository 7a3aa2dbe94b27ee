using Bifrost.Core.World;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Objects;

namespace Bifrost.Governance.Registry;

/// <summary>What budgets and rate limits must be to be enforced as their owner expects.</summary>
internal static class LimitRules
{
    /// <summary>Nanodollars: 9,000,000,000 USD, near what 64 bits can count.</summary>
    public const long MostMoney = 9_000_000_000_000_000_000;

    private const string Money = "more than 0 and at most 9,000,000,000 dollars";

    public static void Check(IReadOnlyList<Budget> budgets, RateLimit? rate, string within, Change change, List<Mistake> mistakes)
    {
        for (var i = 0; i < budgets.Count; i++)
        {
            Check(budgets[i], $"{within}budgets[{i}].", change, mistakes);
            for (var j = 0; j < i; j++)
            {
                if (budgets[j].ResetDuration == budgets[i].ResetDuration)
                {
                    mistakes.Add(
                        new Mistake(
                            change.At($"{within}budgets[{i}].reset_duration"),
                            $"budgets[{j}] resets after {budgets[i].ResetDuration} too; every line of one owner has a duration of its own."
                        )
                    );
                    break;
                }
            }
        }

        if (rate is not null)
        {
            Check(rate, $"{within}rate_limit.", change, mistakes);
        }
    }

    private static void Check(Budget budget, string within, Change change, List<Mistake> mistakes)
    {
        void Wrong(string member, string message) => mistakes.Add(new Mistake(change.At(within + member), message));

        if (TextRules.IsBlankOrLong(budget.Id))
        {
            Wrong("id", TextRules.Length);
        }

        if (budget.MaxLimit is <= 0 or > MostMoney)
        {
            Wrong("max_limit", $"A budget is {Money}.");
        }

        if (!Cadence.TryRead(budget, out _, out var mistake))
        {
            Wrong(MemberOf(budget), mistake + ".");
        }

        if (!Enum.IsDefined(budget.Enforcement))
        {
            Wrong("enforcement", "Enforcement is \"standard\" or \"hard\".");
        }

        if (budget.UsageEpoch < 0)
        {
            Wrong("usage_epoch", "The epoch counts up from 0.");
        }

        if (budget.Override is { } more)
        {
            if (more.Amount is <= 0 or > MostMoney)
            {
                Wrong("override.amount", $"An override is {Money}.");
            }
            else if (budget.MaxLimit is > 0 and <= MostMoney && more.Amount > MostMoney - budget.MaxLimit)
            {
                Wrong("override.amount", $"Limit and override together are {Money}.");
            }

            if (more.Cycles is < 1 or > 100_000)
            {
                Wrong("override.cycles", "An override lasts 1 to 100,000 cycles; without a number it lasts until it is taken back.");
            }
        }
    }

    private static void Check(RateLimit rate, string within, Change change, List<Mistake> mistakes)
    {
        void Wrong(string member, string message) => mistakes.Add(new Mistake(change.At(within + member), message));

        void Window(string unit, long? limit, string? duration)
        {
            if (limit is <= 0)
            {
                Wrong($"{unit}_max_limit", $"A limit is more than 0; leave it out where {unit}s are not limited.");
            }

            if (limit is null != duration is null)
            {
                var missing = limit is null ? "max_limit" : "reset_duration";
                Wrong($"{unit}_{missing}", $"`{unit}_max_limit` and `{unit}_reset_duration` are given together.");
            }

            if (duration is not null && !Cadence.TryRead(duration, false, "UTC", 1, out _, out var mistake))
            {
                Wrong($"{unit}_reset_duration", mistake + ".");
            }
        }

        if (TextRules.IsBlankOrLong(rate.Id))
        {
            Wrong("id", TextRules.Length);
        }

        Window("token", rate.TokenMaxLimit, rate.TokenResetDuration);
        Window("request", rate.RequestMaxLimit, rate.RequestResetDuration);
        if (rate.ConcurrentMaxLimit is <= 0)
        {
            Wrong("concurrent_max_limit", "A limit is more than 0; leave it out where calls at once are not limited.");
        }

        if (
            rate is
            { TokenMaxLimit: null, RequestMaxLimit: null, ConcurrentMaxLimit: null, TokenResetDuration: null, RequestResetDuration: null }
        )
        {
            Wrong("", "A rate limit limits tokens, requests or calls at once; this one limits nothing.");
        }
    }

    /// <summary>The member that keeps the budget's periods from being understood.</summary>
    private static string MemberOf(Budget budget)
    {
        if (!Cadence.TryRead(budget.ResetDuration, false, "UTC", 1, out _, out _))
        {
            return "reset_duration";
        }

        if (!Cadence.TryRead(budget.ResetDuration, false, budget.TimeZone, 1, out _, out _))
        {
            return "time_zone";
        }

        return Cadence.TryRead(budget.ResetDuration, false, budget.TimeZone, budget.QuarterStartMonth, out _, out _)
            ? "calendar_aligned"
            : "quarter_start_month";
    }
}
