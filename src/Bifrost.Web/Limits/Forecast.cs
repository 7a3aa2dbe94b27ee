using Bifrost.Web.Governance;

namespace Bifrost.Web.Limits;

/// <summary>Where a budget will be if spending goes on as it did since its period began.</summary>
/// <param name="Start">Since when the spending counts.</param>
/// <param name="AtEnd">A part of the limit at the end of the period; null: too early to say, or without an end.</param>
/// <param name="GoneAt">When it is used up; null: not in this period, or already.</param>
internal sealed record Forecast(DateTimeOffset Start, double? AtEnd, DateTimeOffset? GoneAt)
{
    // Less than this says nothing about the rest.
    private const double LeastPart = 0.01;

    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LeastWithoutEnd = TimeSpan.FromMinutes(10);

    public static Forecast Of(Budget budget, DateTimeOffset now)
    {
        var start = budget.LastReset is { } reset && reset > budget.CreatedAt ? reset : budget.CreatedAt;
        var passed = now - start;
        if (passed < LeastTime || passed < (budget.NextReset is { } soon ? (soon - start) * LeastPart : LeastWithoutEnd))
        {
            return new Forecast(start, null, null);
        }

        DateTimeOffset? gone = null;
        var left = budget.Share <= 0 ? double.MaxValue : passed.TotalSeconds * (1 / budget.Share - 1);
        if (budget.Share is > 0 and < 1 && left < TimeSpan.FromDays(3650).TotalSeconds)
        {
            gone = now.AddSeconds(left);
        }

        if (budget.NextReset is not { } end)
        {
            return new Forecast(start, null, gone);
        }

        return new Forecast(start, budget.Share * ((end - start) / passed), gone <= end ? gone : null);
    }
}
