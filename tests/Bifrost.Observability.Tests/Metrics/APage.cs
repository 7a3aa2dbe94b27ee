using System.Buffers;
using System.Text;
using Bifrost.Core.World;
using Bifrost.Observability.Metrics;
using Bifrost.Testing;
using Bifrost.Testing.Exposition;

namespace Bifrost.Observability.Tests.Metrics;

/// <summary>Metrics of a test's own, read as Prometheus would.</summary>
internal sealed class APage
{
    private readonly MetricsPage _page;

    public APage(MetricsOptions? options = null, ClientConfig? client = null)
    {
        Settler = new MetricsSettler(options);
        _page = new MetricsPage(Settler, Gauges, options?.MaxSeries ?? 10_000);
        Client = client ?? new ClientConfig();
    }

    public MetricsSettler Settler { get; }

    public Gauges Gauges { get; } = new();

    public ClientConfig Client { get; set; }

    /// <summary>Greets and settles, as the corridor does.</summary>
    public void Take(AnEndedExchange exchange)
    {
        var built = (exchange with { Client = Client }).Build();
        Settler.Greet(built);
        Settler.Settle(built);
    }

    public string Text(bool openMetrics = false)
    {
        var to = new ArrayBufferWriter<byte>();
        Assert.DoesNotContain("", _page.Write(to, openMetrics));
        return Encoding.UTF8.GetString(to.WrittenSpan);
    }

    /// <summary>The page, which must be without mistakes in both formats.</summary>
    public ExpositionText Read()
    {
        Assert.Empty(ExpositionLint.Mistakes(Text(openMetrics: true), openMetrics: true));
        var text = Text();
        Assert.Empty(ExpositionLint.Mistakes(text, openMetrics: false));
        return ExpositionText.Read(text, openMetrics: false);
    }

    public decimal Sum(string name, params (string Name, string Value)[] labels) => Read().Sum(name, labels);
}
