using System.Text.RegularExpressions;

namespace Bifrost.Testing.Exposition;

/// <summary>What <c>promtool check metrics</c> finds, and what a server that scrapes would stumble over later: series that come twice, histograms that
/// do not add up, labels without end.</summary>
public static partial class ExpositionLint
{
    private static readonly string[] BaseUnits = ["seconds", "bytes", "ratio", "celsius", "meters", "grams", "joules", "volts", "amperes"];

    private static readonly string[] OtherUnits =
    [
        "milliseconds",
        "microseconds",
        "nanoseconds",
        "minutes",
        "hours",
        "days",
        "weeks",
        "bits",
        "kilobytes",
        "megabytes",
        "gigabytes",
        "percent",
        "ms",
        "us",
        "ns",
        "sec",
        "min",
        "kb",
        "mb",
        "gb",
        "kib",
        "mib",
    ];

    private static readonly string[] Types = ["counter", "gauge", "histogram", "summary", "untyped"];

    /// <summary>Names of things of which there is a new one with every request.</summary>
    private static readonly string[] Endless =
    [
        "request_id",
        "trace_id",
        "span_id",
        "session_id",
        "upstream_id",
        "id",
        "timestamp",
        "time",
        "url",
        "address",
        "message",
        "prompt",
        "error",
        "ip",
        "user_agent",
    ];

    /// <summary>Labels that hold ids of things that an operator made.</summary>
    private static readonly string[] Ids = ["virtual_key_id", "selected_key_id", "team_id", "customer_id"];

    /// <summary>Every mistake, worst first; none is what a page should have.</summary>
    /// <param name="text">The page.</param>
    /// <param name="openMetrics">Which of the two formats it is in.</param>
    public static IReadOnlyList<string> Mistakes(string text, bool openMetrics)
    {
        var page = ExpositionText.Read(text, openMetrics);
        return
        [
            .. page.Mistakes,
            .. page.Families.SelectMany(f => OfFamily(f, openMetrics)),
            .. page.Samples.GroupBy(s => s.Series()).Where(s => s.Count() > 1).Select(s => $"{s.Key} is there {s.Count()} times."),
        ];
    }

    private static IEnumerable<string> OfFamily(ExpositionFamily family, bool openMetrics)
    {
        var name = family.Name;
        if (family.Helps != 1 || family.Types != 1 || family.SamplesBeforeType > 0)
        {
            yield return $"{name}: has {family.Helps} HELP and {family.Types} TYPE, {family.SamplesBeforeType} samples before it.";
        }

        if (family.Help.Trim().Length == 0)
        {
            yield return $"{name}: has no help text.";
        }

        if (!Types.Contains(family.Type))
        {
            yield return $"{name}: is of no known type: {family.Type}.";
        }

        foreach (var mistake in OfName(family, openMetrics).Concat(family.Samples.SelectMany(s => OfSample(family, s, openMetrics))))
        {
            yield return mistake;
        }

        foreach (var mistake in family.Type == "histogram" ? family.Samples.GroupBy(Histogram).SelectMany(OfHistogram) : [])
        {
            yield return mistake;
        }
    }

    private static IEnumerable<string> OfName(ExpositionFamily family, bool openMetrics)
    {
        var name = family.Name;
        if (!SnakeCase().IsMatch(name))
        {
            yield return $"{name}: is not in snake_case.";
        }

        var isCounter = family.Type == "counter";
        if (name.EndsWith("_total", StringComparison.Ordinal) != (isCounter && !openMetrics))
        {
            yield return $"{name}: counters end in _total, nothing else does, and in OpenMetrics only their samples do.";
        }

        if (Array.Find(["_count", "_sum", "_bucket", "_info", "_created"], s => name.EndsWith(s, StringComparison.Ordinal)) is { } reserved)
        {
            yield return $"{name}: {reserved} is for the parts of histograms.";
        }

        var words = name.Split('_');
        foreach (var word in words.Where(w => Types.Contains(w) || w == "metric"))
        {
            yield return $"{name}: says in its name that it is a {word}.";
        }

        foreach (var unit in words.Where(OtherUnits.Contains))
        {
            yield return $"{name}: {unit} is no base unit.";
        }

        var last = isCounter && words[^1] == "total" ? words[^2] : words[^1];
        foreach (var unit in words.Where(w => BaseUnits.Contains(w) && w != last))
        {
            yield return $"{name}: its unit, {unit}, belongs at its end.";
        }
    }

    private static IEnumerable<string> OfSample(ExpositionFamily family, ExpositionSample sample, bool openMetrics)
    {
        var suffix = sample.Name.StartsWith(family.Name, StringComparison.Ordinal) ? sample.Name[family.Name.Length..] : "?";
        var right = family.Type switch
        {
            "histogram" => suffix is "_bucket" or "_sum" or "_count",
            "counter" when openMetrics => suffix == "_total",
            _ => suffix.Length == 0,
        };
        if (!right)
        {
            yield return $"{sample.Name}: stands among the samples of {family.Name}.";
        }

        foreach (var (name, value) in sample.Labels)
        {
            if (!LabelName().IsMatch(name) || (name == "le" && suffix != "_bucket") || name == "quantile")
            {
                yield return $"{sample.Name}: {name} cannot be the name of a label.";
            }

            if (
                Endless.Contains(name)
                || (Uuid().IsMatch(value) && !Ids.Contains(name))
                || (LongNumber().IsMatch(value) && name != "le")
                || value.Length > 256
            )
            {
                yield return $"{sample.Name}: {name}={value} may have any number of values.";
            }

            if (value.Length == 0)
            {
                yield return $"{sample.Name}: {name} is empty, which is as if it were not there.";
            }
        }

        foreach (var twice in sample.Labels.GroupBy(l => l.Name).Where(l => l.Count() > 1))
        {
            yield return $"{sample.Name}: {twice.Key} is there twice.";
        }

        if (sample.Value < 0 && family.Type != "gauge")
        {
            yield return $"{sample.Name}: is {sample.Value}.";
        }
    }

    private static string Histogram(ExpositionSample sample) => (sample with { Name = "" }).Series("le");

    private static IEnumerable<string> OfHistogram(IGrouping<string, ExpositionSample> series)
    {
        var ends = series.Where(s => s.Name.EndsWith("_bucket", StringComparison.Ordinal)).ToList();
        var name = $"{series.First().Name}{series.Key}";
        if (ends.Count == 0 || ends[^1].Label("le") != "+Inf" || ends.SkipLast(1).Any(e => !IsNumber(e.Label("le"), out _)))
        {
            yield return $"{name}: its last bucket is not le=\"+Inf\".";
            yield break;
        }

        var limits = ends.SkipLast(1).Select(e => IsNumber(e.Label("le"), out var end) ? end : 0).ToList();
        if (limits.Zip(limits.Skip(1)).Any(p => p.First >= p.Second))
        {
            yield return $"{name}: its buckets' ends do not grow.";
        }

        if (ends.Zip(ends.Skip(1)).Any(p => p.First.Value > p.Second.Value))
        {
            yield return $"{name}: its buckets' counts shrink.";
        }

        var counts = series.Where(s => s.Name.EndsWith("_count", StringComparison.Ordinal)).ToList();
        if (counts.Count != 1 || counts[0].Value != ends[^1].Value)
        {
            yield return $"{name}: its count is not what its last bucket says.";
        }

        if (series.Count(s => s.Name.EndsWith("_sum", StringComparison.Ordinal)) != 1)
        {
            yield return $"{name}: has no sum, or several.";
        }
    }

    private static bool IsNumber(string? text, out decimal number) =>
        decimal.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out number);

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();

    [GeneratedRegex("^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$")]
    private static partial Regex LabelName();

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", RegexOptions.IgnoreCase)]
    private static partial Regex Uuid();

    // A time in seconds, or more.
    [GeneratedRegex("^[0-9]{10,}$")]
    private static partial Regex LongNumber();
}
