using Bifrost.Admin.Bodies;

namespace Bifrost.Admin.Governance;

/// <summary>What limits look like in bodies, wherever they stand.</summary>
internal static class LimitShapes
{
    private static readonly Shape ResetConfig = new(
        "ResetConfig",
        [new("quarter_start_month", FieldKind.Whole, "The month in which the first quarter begins. Default 1.") { Least = 1, Most = 12 }]
    );

    public static Shape Budget { get; } =
        new(
            "Budget",
            [
                new(
                    "id",
                    FieldKind.Text,
                    "In a list: which budget this changes. Without it, the one with the same reset_duration, or a new one."
                ),
                new("max_limit", FieldKind.Dollars, "US dollars per period, more than zero, with up to nine decimals."),
                new("reset_duration", FieldKind.Text, "1h, 1d, 1w, 1M, 1Q, 1Y, any multiple or a Go duration; never: prepaid."),
                new(
                    "calendar_aligned",
                    FieldKind.Flag,
                    "Periods follow the calendar (d, w, M, Q, Y) instead of a grid that begins with the budget."
                ),
                new("time_zone", FieldKind.Text, "Whose calendar: an IANA name. Default UTC.") { Rule = KnownZone },
                new("quarter_start_month", FieldKind.Whole, "The month in which the first quarter begins. Default 1.")
                {
                    Least = 1,
                    Most = 12,
                },
                new("reset_config", FieldKind.Object, "Another place for quarter_start_month.") { Inside = ResetConfig },
                new("enforcement", FieldKind.Text, "standard: the call that crosses the limit is served. hard: the limit is never passed.")
                {
                    Choices = ["standard", "hard"],
                },
            ]
        );

    public static Shape RateLimit { get; } =
        new(
            "RateLimit",
            [
                new("token_max_limit", FieldKind.Whole, "Tokens in and out per window.") { Nullable = true, Least = 1 },
                new("token_reset_duration", FieldKind.Text, "Window of the token limit: 1m, 1h, 1d.") { Nullable = true },
                new("request_max_limit", FieldKind.Whole, "Requests per window.") { Nullable = true, Least = 1 },
                new("request_reset_duration", FieldKind.Text, "Window of the request limit: 1m, 1h, 1d.") { Nullable = true },
                new("concurrent_max_limit", FieldKind.Whole, "Calls in flight at once.") { Nullable = true, Least = 1 },
            ]
        );

    /// <summary>The members by which every limited object is limited.</summary>
    public static IReadOnlyList<Field> Members { get; } =
    [
        new("budget", FieldKind.Object, "The only budget. null or {}: none.") { Nullable = true, Inside = Budget },
        new("budgets", FieldKind.Objects, "All budgets, each with another reset_duration; whichever is missing here goes. null: none.")
        {
            Nullable = true,
            Inside = Budget,
        },
        new("rate_limit", FieldKind.Object, "Limits on requests, tokens and calls at once. null or {}: none.")
        {
            Nullable = true,
            Inside = RateLimit,
        },
    ];

    /// <summary>For updates alone.</summary>
    public static Field ResetUsage { get; } =
        new(
            "reset_budget_usage",
            FieldKind.Flag,
            "true: what the budgets have spent in the running period counts as nothing; its end stays."
        );

    private static string? KnownZone(string name) =>
        TimeZoneInfo.TryFindSystemTimeZoneById(name, out _)
            ? null
            : "is no time zone known here. Write an IANA name such as Europe/Berlin.";
}
