using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Governance.Objects;

namespace Bifrost.Admin.Governance;

/// <summary>Writes limits as published, with how they stand.</summary>
/// <param name="standings">Null: only what is set, which changes with an edit and not with a call.</param>
internal sealed class LimitViews(IStandings? standings)
{
    /// <summary>Only what is set.</summary>
    public static LimitViews Bare { get; } = new(null);

    public void Write(JsonObject view, IReadOnlyList<Budget> budgets, RateLimit? rate)
    {
        view["budget_id"] = budgets.Count == 1 ? budgets[0].Id : null;
        view["budget"] = budgets.Count == 1 ? Budget(budgets[0]) : null;
        view["budgets"] = new JsonArray([.. budgets.Select(Budget)]);
        view["rate_limit_id"] = rate?.Id;
        view["rate_limit"] = rate is null ? null : RateLimit(rate);
    }

    public JsonObject Budget(Budget budget)
    {
        var view = new JsonObject
        {
            ["id"] = budget.Id,
            ["max_limit"] = Dollars.Write(budget.MaxLimit),
            ["reset_duration"] = budget.ResetDuration,
            ["calendar_aligned"] = budget.CalendarAligned,
            ["time_zone"] = budget.TimeZone,
            ["quarter_start_month"] = budget.QuarterStartMonth,
            ["enforcement"] = budget.Enforcement == Enforcement.Hard ? "hard" : "standard",
            ["override"] = budget.Override is { } added ? Override(added) : null,
            ["created_at"] = Times.Write(budget.Anchor),
        };
        if (standings is null)
        {
            view["usage_epoch"] = budget.UsageEpoch;
            return view;
        }

        var standing = standings.Of(budget);
        view["effective_max_limit"] = Dollars.Write(standing.Limit);
        view["current_usage"] = Dollars.Write(standing.Used);
        view["reserved"] = Dollars.Write(standing.Held);
        view["remaining"] = Dollars.Write(Math.Max(0, standing.Limit - standing.Used - standing.Held));
        view["last_reset"] = Times.Write(standing.PeriodStart);
        view["next_reset"] = standing.PeriodEnd is { } end ? Times.Write(end) : null;
        return view;
    }

    public JsonObject RateLimit(RateLimit rate)
    {
        var view = new JsonObject
        {
            ["id"] = rate.Id,
            ["token_max_limit"] = rate.TokenMaxLimit,
            ["token_reset_duration"] = rate.TokenResetDuration,
            ["request_max_limit"] = rate.RequestMaxLimit,
            ["request_reset_duration"] = rate.RequestResetDuration,
            ["concurrent_max_limit"] = rate.ConcurrentMaxLimit,
            ["created_at"] = Times.Write(rate.Anchor),
        };
        if (standings is null)
        {
            return view;
        }

        var standing = standings.Of(rate);
        Window(view, "token", rate.TokenMaxLimit, standing.Tokens);
        Window(view, "request", rate.RequestMaxLimit, standing.Requests);
        view["concurrent_current_usage"] = standing.Concurrent;
        return view;
    }

    private static void Window(JsonObject view, string name, long? limit, WindowStanding window)
    {
        view[$"{name}_current_usage"] = limit is null ? 0 : window.Used;
        view[$"{name}_last_reset"] = limit is null ? null : Times.Write(window.Start);
        view[$"{name}_next_reset"] = limit is null ? null : Times.Write(window.End);
    }

    private static JsonObject Override(BudgetOverride added) =>
        new()
        {
            ["amount"] = Dollars.Write(added.Amount),
            ["mode"] = added.Cycles is null ? "forever" : "cycles",
            ["cycles"] = added.Cycles,
            ["from"] = Times.Write(added.From),
        };
}
