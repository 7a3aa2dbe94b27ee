using System.Text;
using Bifrost.Observability.Metrics;
using Bifrost.Testing;
using Bifrost.Testing.Exposition;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Observability.Tests.Metrics;

public sealed class MetricsPageTests
{
    [Fact]
    public void A_page_without_any_traffic_is_sound() => Assert.NotEmpty(new APage().Read().Families);

    [Fact]
    public void What_others_know_is_asked_when_the_page_is()
    {
        var page = new APage();
        var value = 1.0;
        page.Gauges.Add("bifrost_some_bytes", "Some.", () => value);
        page.Gauges.AddCounter("bifrost_more_total", "More.", () => 41.5);
        page.Gauges.AddMany(
            "bifrost_many",
            "Many.",
            () => [new(LabelText.Of(("a", "1"), ("b", null)), 2), new(LabelText.Of(("a", "2")), -3)]
        );
        value = 0.00001;

        var read = page.Read();

        Assert.Equal((0.00001m, 41.5m), (read.Sum("bifrost_some_bytes"), read.Sum("bifrost_more_total")));
        Assert.Equal((2, -3), (read.Sum("bifrost_many", ("a", "1")), read.Sum("bifrost_many", ("a", "2"))));
    }

    [Fact]
    public void One_that_cannot_be_read_is_left_out_and_counted()
    {
        var page = new APage();
        page.Gauges.Add("bifrost_broken", "Broken.", () => throw new InvalidOperationException("secret words"));
        page.Gauges.Add("bifrost_fine", "Fine.", () => 1);
        _ = page.Text();

        var text = page.Text();
        var read = ExpositionText.Read(text, openMetrics: false);

        Assert.Equal((1, 2), (read.Sum("bifrost_fine"), read.Sum("bifrost_metrics_failures_total")));
        Assert.DoesNotContain(read.Families, f => f.Name == "bifrost_broken");
        Assert.DoesNotContain("secret words", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_that_do_not_fit_are_refused()
    {
        var gauges = new Gauges();
        gauges.Add("bifrost_a", "A.", () => 1);

        Assert.Throws<ArgumentException>(() => gauges.Add("bifrost_a", "Again.", () => 1));
        Assert.Throws<ArgumentException>(() => gauges.Add("bifrost_b_total", "No counter.", () => 1));
        Assert.Throws<ArgumentException>(() => gauges.AddCounter("bifrost_c", "A counter.", () => 1));
    }

    [Fact]
    public void No_more_values_of_others_are_shown_than_a_metric_may_have_series()
    {
        var page = new APage(new MetricsOptions { MaxSeries = 5 });
        page.Gauges.AddMany(
            "bifrost_many",
            "Many.",
            () => Enumerable.Range(0, 1000).Select(i => new GaugeSample(LabelText.Of(("a", $"{i}")), i))
        );

        Assert.Equal(5, page.Read().Of("bifrost_many").Count());
    }

    [Theory]
    [InlineData("", "text/plain; version=0.0.4; charset=utf-8", false)]
    [InlineData("text/plain", "text/plain; version=0.0.4; charset=utf-8", false)]
    [InlineData(
        "application/openmetrics-text;version=1.0.0,text/plain;q=0.5",
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
        true
    )]
    public async Task The_format_is_the_one_that_is_asked_for(string accept, string type, bool openMetrics)
    {
        var page = new APage();
        page.Take(new AnEndedExchange());
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Request.Headers.Accept = accept;
        using var body = new MemoryStream();
        http.Response.Body = body;

        await new MetricsEndpoint(new MetricsPage(page.Settler, page.Gauges)).WriteAsync(http);

        var text = Encoding.UTF8.GetString(body.ToArray());
        Assert.Equal((type, openMetrics), (http.Response.ContentType, text.EndsWith("# EOF\n", StringComparison.Ordinal)));
        Assert.Empty(ExpositionLint.Mistakes(text, openMetrics));
    }

    [Fact]
    public async Task A_long_page_is_sent_while_it_is_written()
    {
        var page = new APage();
        for (var model = 0; model < 300; model++)
        {
            page.Take(new AnEndedExchange { Model = $"model-{model}" });
        }

        using var body = new FlushedStream();
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Response.Body = body;

        await new MetricsEndpoint(new MetricsPage(page.Settler, page.Gauges)).WriteAsync(http);

        Assert.Empty(ExpositionLint.Mistakes(Encoding.UTF8.GetString(body.ToArray()), openMetrics: false));
        Assert.InRange(body.Length, 500_000, 50_000_000);
        Assert.InRange(body.LongestWait, 1, 100_000);
    }

    [Fact]
    public void Histograms_put_what_is_exactly_at_an_end_below_it()
    {
        var histogram = new Histogram(Buckets.Size);
        foreach (var bytes in new long[] { 0, 100, 101, 1_000_000_000, 1_000_000_001 })
        {
            histogram.Observe(bytes);
        }

        Assert.Equal([2, 3, 3, 3, 3, 3, 3, 4, 5], histogram.Cumulative());
        Assert.Equal(2_000_000_202, histogram.Sum);
    }

    /// <summary>Notes how much came between two flushes at most.</summary>
    private sealed class FlushedStream : MemoryStream
    {
        private long _flushed;

        public long LongestWait { get; private set; }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            LongestWait = Math.Max(LongestWait, Length - _flushed);
            _flushed = Length;
            return Task.CompletedTask;
        }
    }
}
