using System.Globalization;
using System.Text.Json.Nodes;

namespace Bifrost.Web.Governance;

/// <summary>Budgets and a rate limit as somebody types them.</summary>
public sealed class LimitDraft
{
    public List<BudgetDraft> Budgets { get; } = [];

    public string Requests { get; set; } = "";

    public string RequestPeriod { get; set; } = "1m";

    public string Tokens { get; set; } = "";

    public string TokenPeriod { get; set; } = "1m";

    public string Concurrent { get; set; } = "";

    public bool IsEmpty => Budgets.Count == 0 && !HasRate;

    public bool HasRate => Filled(Requests) || Filled(Tokens) || Filled(Concurrent);

    public static LimitDraft Of(IReadOnlyList<Budget> budgets, RateLimit? rate)
    {
        var draft = new LimitDraft
        {
            Requests = Text(rate?.RequestMaxLimit),
            RequestPeriod = rate?.RequestResetDuration ?? "1m",
            Tokens = Text(rate?.TokenMaxLimit),
            TokenPeriod = rate?.TokenResetDuration ?? "1m",
            Concurrent = Text(rate?.ConcurrentMaxLimit),
        };
        draft.Budgets.AddRange(budgets.Select(BudgetDraft.Of));
        return draft;
    }

    /// <summary>Writes all of it into what is sent: what was taken away is taken away there.</summary>
    public void Write(JsonObject into)
    {
        into["budgets"] = new JsonArray([.. Budgets.Select(b => b.Json())]);
        into["rate_limit"] = !HasRate
            ? null
            : new JsonObject
            {
                ["request_max_limit"] = Number(Requests),
                ["request_reset_duration"] = Filled(Requests) ? RequestPeriod.Trim() : null,
                ["token_max_limit"] = Number(Tokens),
                ["token_reset_duration"] = Filled(Tokens) ? TokenPeriod.Trim() : null,
                ["concurrent_max_limit"] = Number(Concurrent),
            };
    }

    /// <summary>What is no number goes as it was typed: the API says what is wrong with it, and where.</summary>
    internal static JsonNode? Number(string text) =>
        !Filled(text) ? null
        : decimal.TryParse(
            text.Trim(),
            NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? JsonValue.Create(number)
        : JsonValue.Create(text.Trim());

    private static bool Filled(string text) => !string.IsNullOrWhiteSpace(text);

    private static string Text(long? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}

/// <summary>One budget as somebody types it.</summary>
public sealed class BudgetDraft
{
    public string? Id { get; set; }

    public string Amount { get; set; } = "";

    public string Period { get; set; } = "1M";

    public bool Calendar { get; set; } = true;

    public string Zone { get; set; } = "UTC";

    public int QuarterStart { get; set; } = 1;

    public bool Hard { get; set; }

    /// <summary>Hours and prepaid money know no calendar.</summary>
    public bool CanAlign => Period.Trim() is { Length: > 0 } period && "dwMQY".Contains(period[^1], StringComparison.Ordinal);

    public static BudgetDraft Of(Budget budget) =>
        new()
        {
            Id = budget.Id,
            Amount = budget.MaxLimit.ToString("0.#########", CultureInfo.InvariantCulture),
            Period = budget.ResetDuration,
            Calendar = budget.CalendarAligned,
            Zone = budget.TimeZone,
            QuarterStart = budget.QuarterStartMonth,
            Hard = budget.Enforcement == "hard",
        };

    internal JsonObject Json()
    {
        var json = new JsonObject
        {
            ["reset_duration"] = Period.Trim(),
            ["calendar_aligned"] = Calendar && CanAlign,
            ["enforcement"] = Hard ? "hard" : "standard",
        };
        if (Id is not null)
        {
            json["id"] = Id;
        }

        if (LimitDraft.Number(Amount) is { } amount)
        {
            json["max_limit"] = amount;
        }

        if (Calendar && CanAlign)
        {
            json["time_zone"] = Zone.Trim();
            json["quarter_start_month"] = QuarterStart;
        }

        return json;
    }
}
