using System.Globalization;
using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Governance.Limits;

namespace Bifrost.Admin.Governance;

/// <summary>A limit that stands between a virtual key and its next call, in numbers and in words.</summary>
internal sealed class BindingLimit(LimitView view)
{
    /// <summary>It stops only some of the key's calls: what those are, or null.</summary>
    public string? Only =>
        view.Level switch
        {
            LimitLevel.Provider or LimitLevel.VirtualKeyProvider => $"provider {view.OwnerName}",
            LimitLevel.Model => $"model {view.OwnerName}",
            _ => null,
        };

    public bool IsExhausted => view.Remaining == 0;

    public string Sentence(DateTimeOffset now)
    {
        var what = view.Kind switch
        {
            LimitKind.Budget => $"{Dollars.Show(view.Remaining)} of {Dollars.Show(view.EffectiveLimit)} left",
            LimitKind.Concurrent => $"{view.Remaining} of {view.EffectiveLimit} calls at once left",
            _ => $"{view.Remaining} of {view.EffectiveLimit} {Word(view.Kind)} left",
        };
        var name = view.Kind switch
        {
            LimitKind.Budget => "budget",
            LimitKind.Concurrent => "limit on calls at once",
            _ => $"limit on {Word(view.Kind)}",
        };
        var every = view.ResetDuration is null or "never" ? "" : $"{view.ResetDuration} ";
        return $"{(IsExhausted ? "Calls are refused: " : "")}{what} in the {every}{name} of {Whose()}.{Renewal(now)}";
    }

    public JsonObject View(DateTimeOffset now) =>
        new()
        {
            ["level"] = Level,
            ["owner"] = view.OwnerName,
            ["kind"] = Word(view.Kind),
            ["id"] = view.Id,
            ["limit"] = Amount(view.EffectiveLimit),
            ["used"] = Amount(view.Used),
            ["reserved"] = Amount(view.Reserved),
            ["remaining"] = Amount(view.Remaining),
            ["remaining_percent"] = view.EffectiveLimit == 0 ? 0m : decimal.Round((decimal)view.Remaining / view.EffectiveLimit * 100, 2),
            ["reset_duration"] = view.ResetDuration,
            ["next_reset"] = view.PeriodEnd is { } end ? Times.Write(end) : null,
            ["enforcement"] = view.Enforcement?.ToString().ToLowerInvariant(),
            ["only_for"] = Only,
            ["sentence"] = Sentence(now),
        };

    private string Level =>
        view.Level switch
        {
            LimitLevel.VirtualKey => "virtual_key",
            LimitLevel.VirtualKeyProvider => "virtual_key_provider",
            LimitLevel.BusinessUnit => "business_unit",
            _ => view.Level.ToString().ToLowerInvariant(),
        };

    private string Whose() =>
        view.Level switch
        {
            LimitLevel.VirtualKey => "the key itself",
            LimitLevel.VirtualKeyProvider => $"the key at provider {view.OwnerName}",
            _ => $"{Level.Replace('_', ' ')} {view.OwnerName}",
        };

    private string Renewal(DateTimeOffset now) =>
        view.Kind == LimitKind.Concurrent ? ""
        : view.PeriodEnd is { } end ? $" It begins anew in {Span(end - now)} ({Times.Write(end)})."
        : " It never begins anew.";

    private JsonNode Amount(long amount) => view.Kind == LimitKind.Budget ? Dollars.Write(amount) : JsonValue.Create(amount);

    private static string Word(LimitKind kind) => kind.ToString().ToLowerInvariant();

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
