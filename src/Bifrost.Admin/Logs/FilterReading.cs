using System.Globalization;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Configuration;
using Bifrost.Core.World;
using Bifrost.Observability.Stores;
using FieldKind = Bifrost.Admin.Bodies.FieldKind;

namespace Bifrost.Admin.Logs;

/// <summary>Reads a filter, from a query or a body, noting every mistake. Lists are separated by commas, or the parameter is repeated.</summary>
internal sealed class FilterReading(IReadOnlyDictionary<string, IReadOnlyList<string>> given, List<Mistake> mistakes)
{
    public const string MetadataPrefix = "metadata_";
    public const string Words = "content_search";
    private const int MostValues = 500;
    private const int LongestValue = 300;
    private const int LongestText = 500;
    private static readonly DateTimeOffset Earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IReadOnlyList<Parameter> Parameters { get; } =
    [
        .. Dimension.All.Select(static d => new Parameter(d.Parameter, $"{d.Meaning} Comma-separated.")),
        new("start_time", "Not before this time.", FieldKind.Time),
        new("end_time", "Before this time.", FieldKind.Time),
        new("min_latency", "Milliseconds at least.", FieldKind.Number),
        new("max_latency", "Milliseconds at most.", FieldKind.Number),
        new("min_tokens", "Tokens at least, in and out.", FieldKind.Whole),
        new("max_tokens", "Tokens at most, in and out.", FieldKind.Whole),
        new("min_cost", "Dollars at least.", FieldKind.Dollars),
        new("max_cost", "Dollars at most.", FieldKind.Dollars),
        new("missing_cost_only", "true: only what has no price.", FieldKind.Flag),
        new(Words, "Words that prompt or answer hold."),
        new(MetadataPrefix, "The value that metadata of this name has.") { IsPrefix = true },
    ];

    public static LogFilter Of(Call call, List<Mistake> mistakes)
    {
        var given = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (name, values) in call.Http.Request.Query)
        {
            if (Parameters.Any(p => p.Admits(name)))
            {
                given[name] = [.. values.OfType<string>()];
            }
        }

        return new FilterReading(given, mistakes).Read();
    }

    public LogFilter Read()
    {
        var filter = new LogFilter
        {
            From = Time("start_time"),
            To = Time("end_time"),
            Values = Dimensions(),
            Latency = Range("latency", Milliseconds),
            Tokens = Range("tokens", Tokens),
            Cost = Range("cost", Cost),
            MissingCostOnly = Flag("missing_cost_only"),
            Metadata = Metadata(),
            Text = Text(),
        };
        if (filter.From >= filter.To)
        {
            Wrong("end_time", "is not after start_time.");
        }

        return filter;
    }

    private Dictionary<LogDimension, IReadOnlyList<string>> Dimensions()
    {
        var values = new Dictionary<LogDimension, IReadOnlyList<string>>();
        foreach (var dimension in Dimension.All)
        {
            var wanted = (given.GetValueOrDefault(dimension.Parameter) ?? [])
                .SelectMany(static v => v.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
                .Distinct(StringComparer.Ordinal)
                .ToList();
            if (wanted.Count == 0)
            {
                continue;
            }

            if (wanted.Count > MostValues)
            {
                Wrong(dimension.Parameter, $"has {wanted.Count} values. {MostValues} is the most.");
            }

            foreach (var one in wanted)
            {
                Check(dimension, one);
            }

            values[dimension.Kind] = [.. wanted.Select(static v => v == Dimension.None ? "" : v)];
        }

        return values;
    }

    private void Check(Dimension dimension, string value)
    {
        if (value.Length > LongestValue)
        {
            Wrong(dimension.Parameter, $"{Shown.Quoted(value)} has {value.Length} characters. {LongestValue} is the most.");
        }
        else if (dimension.Choices is { } choices && !choices.Contains(value, StringComparer.Ordinal))
        {
            var question = NearMiss.Question(value, choices);
            var all = choices.Count <= 5 ? $" It is one of {string.Join(", ", choices)}." : "";
            Wrong(dimension.Parameter, $"{Shown.Quoted(value)} is no {dimension.Word}.{question}{all}");
        }
    }

    private long? Time(string name)
    {
        if (One(name) is not { } text)
        {
            return null;
        }

        // In a query an unescaped plus arrives as a space.
        if (!Times.TryParse(text.Replace(' ', '+'), out var time))
        {
            Wrong(name, $"{Shown.Quoted(text)} is not a time. Write it like 2026-11-22T19:00:00Z.");
            return null;
        }

        if (time < Earliest || time > Latest)
        {
            Wrong(name, $"{Shown.Quoted(text)} is not between 2000 and 2100.");
            return null;
        }

        return Micros.Of(time);
    }

    private LogRange<long>? Range(string what, Func<string, string, long?> read)
    {
        var (min, max) = (Bound($"min_{what}", read), Bound($"max_{what}", read));
        if (min > max)
        {
            Wrong($"max_{what}", $"is less than min_{what}.");
        }

        return min is null && max is null ? null : new LogRange<long>(min, max);
    }

    private long? Bound(string name, Func<string, string, long?> read) => One(name) is { } text ? read(name, text) : null;

    private long? Milliseconds(string name, string text)
    {
        if (Dollars.TryExact(text, out var number) && number is >= 0 and <= 1_000_000_000)
        {
            return (long)(number * 1000);
        }

        Wrong(name, $"{Shown.Quoted(text)} is no number of milliseconds.");
        return null;
    }

    private long? Tokens(string name, string text)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        Wrong(name, $"{Shown.Quoted(text)} is not a whole number of 0 or more.");
        return null;
    }

    private long? Cost(string name, string text)
    {
        var wrong = "is no amount of dollars.";
        if (
            decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var dollars)
            && dollars >= 0
            && Dollars.TryRead(text, out wrong) is { } nanodollars
        )
        {
            return nanodollars;
        }

        Wrong(name, $"{Shown.Quoted(text)} {(wrong.Length == 0 ? "is no amount of dollars." : wrong)}");
        return null;
    }

    private bool Flag(string name)
    {
        if (One(name) is not { } text)
        {
            return false;
        }

        if (text is not ("true" or "false" or "1" or "0"))
        {
            Wrong(name, $"{Shown.Quoted(text)} is neither true nor false.");
        }

        return text is "true" or "1";
    }

    private List<KeyValuePair<string, string>> Metadata()
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var (name, values) in given)
        {
            if (name.StartsWith(MetadataPrefix, StringComparison.Ordinal) && values is [var value, ..])
            {
                // Names are kept in lower case; values may hold commas.
                pairs.Add(new(name[MetadataPrefix.Length..].ToLowerInvariant(), value));
            }
        }

        return pairs;
    }

    private string? Text()
    {
        var text = One(Words)?.Trim();
        if (text?.Length > LongestText)
        {
            Wrong(Words, $"has {text.Length} characters. {LongestText} is the most.");
        }

        return text is { Length: > 0 } ? text : null;
    }

    private string? One(string name)
    {
        if (given.GetValueOrDefault(name) is not { Count: > 0 } values || values[0].Length == 0)
        {
            return null;
        }

        if (values.Count > 1)
        {
            Wrong(name, "is given twice. Keep one of the two.");
        }

        return values[0];
    }

    private void Wrong(string name, string message) => mistakes.Add(new Mistake(name, message));
}
