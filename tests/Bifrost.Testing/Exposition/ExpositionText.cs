using System.Globalization;

namespace Bifrost.Testing.Exposition;

/// <summary>A page of metrics, read line by line as the formats' specifications say, by a reader that shares no code with the writer.</summary>
/// <remarks>https://prometheus.io/docs/instrumenting/exposition_formats/ and https://prometheus.io/docs/specs/om/open_metrics_spec/</remarks>
public sealed class ExpositionText
{
    private readonly List<ExpositionFamily> _families = [];
    private readonly List<string> _mistakes = [];

    private ExpositionText() { }

    public IReadOnlyList<ExpositionFamily> Families => _families;

    /// <summary>What no parser would read.</summary>
    public IReadOnlyList<string> Mistakes => _mistakes;

    public IEnumerable<ExpositionSample> Samples => _families.SelectMany(f => f.Samples);

    public static ExpositionText Read(string text, bool openMetrics)
    {
        var read = new ExpositionText();
        var lines = text.Split('\n');
        if (lines[^1].Length > 0)
        {
            read._mistakes.Add("The last line does not end.");
        }

        var body = lines[..^1];
        if (openMetrics && (body.Length == 0 || body[^1] != "# EOF"))
        {
            read._mistakes.Add("OpenMetrics ends with # EOF.");
        }

        foreach (var line in openMetrics && body.Length > 0 && body[^1] == "# EOF" ? body[..^1] : body)
        {
            read.Take(line);
        }

        return read;
    }

    /// <summary>The sum of a metric's samples whose labels are these, and maybe others.</summary>
    public decimal Sum(string name, params (string Name, string Value)[] labels) => Of(name, labels).Sum(s => s.Value);

    public IEnumerable<ExpositionSample> Of(string name, params (string Name, string Value)[] labels) =>
        Samples.Where(s => s.Name == name && labels.All(l => s.Label(l.Name) == l.Value));

    private void Take(string line)
    {
        if (line.StartsWith("# HELP ", StringComparison.Ordinal))
        {
            var rest = line["# HELP ".Length..].Split(' ', 2);
            Begin(rest[0], f => f with { Help = rest.Length > 1 ? rest[1] : "", Helps = f.Helps + 1 });
        }
        else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
        {
            var rest = line["# TYPE ".Length..].Split(' ', 2);
            Begin(rest[0], f => f with { Type = rest.Length > 1 ? rest[1] : "", Types = f.Types + 1, SamplesBeforeType = f.Samples.Count });
        }
        else if (line.Length == 0 || line[0] == '#')
        {
            _mistakes.Add($"No such line belongs here: {line}");
        }
        else if (ExpositionSample.Read(line, out var wrong) is { } sample)
        {
            if (_families.Count == 0)
            {
                _mistakes.Add($"A sample without HELP and TYPE: {line}");
                return;
            }

            _families[^1].Samples.Add(sample);
        }
        else
        {
            _mistakes.Add($"{wrong}: {line}");
        }
    }

    private void Begin(string name, Func<ExpositionFamily, ExpositionFamily> change)
    {
        if (_families.Count == 0 || _families[^1].Name != name)
        {
            if (_families.Exists(f => f.Name == name))
            {
                _mistakes.Add($"{name} begins a second time.");
            }

            _families.Add(new ExpositionFamily(name, []));
        }

        _families[^1] = change(_families[^1]);
    }
}

/// <summary>All lines of one metric.</summary>
public sealed record ExpositionFamily(string Name, List<ExpositionSample> Samples)
{
    public string Help { get; init; } = "";

    public string Type { get; init; } = "";

    public int Helps { get; init; }

    public int Types { get; init; }

    public int SamplesBeforeType { get; init; }
}

/// <summary>One line with a value.</summary>
public sealed record ExpositionSample(string Name, IReadOnlyList<(string Name, string Value)> Labels, decimal Value)
{
    public string? Label(string name) => Labels.FirstOrDefault(l => l.Name == name).Value;

    /// <summary>What makes it the same series as another.</summary>
    public string Series(params string[] without) =>
        $"{Name}{{{string.Join(',', Labels.Where(l => !without.Contains(l.Name)).OrderBy(l => l.Name, StringComparer.Ordinal).Select(l => $"{l.Name}={l.Value}"))}}}";

    internal static ExpositionSample? Read(string line, out string wrong)
    {
        var labels = new List<(string, string)>();
        var at = line.IndexOfAny(['{', ' ']);
        var name = at < 0 ? line : line[..at];
        if (at >= 0 && line[at] == '{' && !TryLabels(line, ref at, labels))
        {
            wrong = "Its labels cannot be read";
            return null;
        }

        if (at < 0 || at >= line.Length || line[at] != ' ')
        {
            wrong = "It has no value";
            return null;
        }

        wrong = "Its value is no number, or there is more after it";
        return decimal.TryParse(line[(at + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? new ExpositionSample(name, labels, value)
            : null;
    }

    private static bool TryLabels(string line, ref int at, List<(string, string)> labels)
    {
        at++;
        while (at < line.Length && line[at] != '}')
        {
            var equals = line.IndexOf("=\"", at, StringComparison.Ordinal);
            if (equals < 0)
            {
                return false;
            }

            var name = line[at..equals];
            var value = new System.Text.StringBuilder();
            for (at = equals + 2; at < line.Length && line[at] != '"'; at++)
            {
                if (line[at] != '\\')
                {
                    value.Append(line[at]);
                    continue;
                }

                at++;
                if (at >= line.Length || line[at] is not ('\\' or '"' or 'n'))
                {
                    return false;
                }

                value.Append(line[at] == 'n' ? '\n' : line[at]);
            }

            labels.Add((name, value.ToString()));
            at++;
            if (at < line.Length && line[at] == ',')
            {
                at++;
            }
            else if (at >= line.Length || line[at] != '}')
            {
                return false;
            }
        }

        at++;
        return at <= line.Length;
    }
}
