using System.Text;
using Bifrost.Core;

namespace Bifrost.Observability.Metrics;

/// <summary>The operator's own labels (<c>client.prometheus_labels</c>), which callers fill with headers <c>x-bf-prom-NAME</c>. They may change while
/// running.</summary>
internal sealed class OwnLabels(int mostValues)
{
    private readonly Dictionary<string, CallerValues> _values = new(StringComparer.Ordinal);
    private volatile Names _names = new([], []);

    public long Overflowed => _names.Labels.Sum(l => l.Values.Overflowed);

    /// <summary>The exchange's values, as they stand in the text; empty without any. One string for each combination would be found again; making it
    /// is what an operator with own labels pays.</summary>
    public string Of(Exchange exchange)
    {
        var wanted = exchange.World.Client.PrometheusLabels;
        if (wanted.Count == 0)
        {
            return "";
        }

        var names = _names;
        if (!ReferenceEquals(names.From, wanted))
        {
            names = Use(wanted);
        }

        var text = new StringBuilder();
        foreach (var label in names.Labels)
        {
            LabelText.Add(text, label.Name, label.Values.Of(exchange.Http.Request.Headers[label.Header].ToString()));
        }

        return text.ToString();
    }

    private Names Use(IReadOnlyList<string> wanted)
    {
        lock (_values)
        {
            var labels = new List<Label>();
            foreach (var name in wanted.Distinct(StringComparer.Ordinal))
            {
                if (!_values.TryGetValue(name, out var values))
                {
                    _values[name] = values = new CallerValues(mostValues);
                }

                labels.Add(new Label(name, "x-bf-prom-" + name, values));
            }

            return _names = new Names(wanted, labels);
        }
    }

    private sealed record Names(IReadOnlyList<string> From, IReadOnlyList<Label> Labels);

    private sealed record Label(string Name, string Header, CallerValues Values);
}
