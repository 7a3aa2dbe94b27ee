using Bifrost.Core.World;
using Bifrost.Observability.Metrics;
using Bifrost.Observability.Tests.RequestLog;
using Bifrost.Testing;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.Tests.Metrics;

public sealed class CardinalityTests
{
    private static readonly Usage Used = new() { InputTokens = 1, OutputTokens = 2 };

    [Fact]
    public void However_many_keys_there_are_the_page_has_an_end_and_the_sums_are_right()
    {
        var page = new APage(new MetricsOptions { MaxSeries = 40 });
        for (var i = 0; i < 1000; i++)
        {
            page.Take(
                new AnEndedExchange
                {
                    Caller = new ACaller { Key = $"vk{i}" },
                    Usage = Used,
                }
            );
        }

        var read = page.Read();

        Assert.Equal((1000, 2000), (read.Sum("bifrost_upstream_requests_total"), read.Sum("bifrost_output_tokens_total")));
        Assert.Equal(960, read.Sum("bifrost_upstream_requests_total", ("virtual_key_id", "other"), ("model", "other")));
        Assert.Equal(1000, read.Sum("bifrost_upstream_latency_seconds_count"));
        Assert.Equal(960, read.Sum("bifrost_metrics_overflows_total"));
        Assert.All(read.Families, f => Assert.InRange(f.Samples.Count, 0, 100));
    }

    [Fact]
    public void However_many_models_callers_make_up_they_are_told_apart_up_to_a_limit()
    {
        var page = new APage(new MetricsOptions { MaxCallerValues = 10 });
        for (var i = 0; i < 100; i++)
        {
            page.Take(new AnEndedExchange { Model = $"model-{i}", Usage = Used });
        }

        var read = page.Read();

        Assert.Equal(11, read.Of("bifrost_upstream_requests_total").Count());
        Assert.Equal(90, read.Sum("bifrost_upstream_requests_total", ("model", "other"), ("provider", "openai")));
        Assert.Equal(100, read.Sum("bifrost_input_tokens_total"));
    }

    [Fact]
    public void A_model_that_nobody_has_takes_no_room()
    {
        var page = new APage(new MetricsOptions { MaxCallerValues = 2 });
        for (var i = 0; i < 50; i++)
        {
            page.Take(new AnEndedExchange { Model = $"made-up-{i}", Fault = new Fault(FaultKind.ModelNotFound, "x") });
        }

        page.Take(new AnEndedExchange { Model = "real" });

        Assert.Equal(["other", "real"], page.Read().Of("bifrost_upstream_requests_total").Select(s => s.Label("model")!).Order());
    }

    [Fact]
    public void Values_that_look_alike_in_the_text_are_one_series()
    {
        var page = new APage(client: new ClientConfig { PrometheusLabels = ["project"] });
        foreach (var end in new[] { "a", "b" })
        {
            page.Take(
                new AnEndedExchange { Model = new string('m', 256) + end, Headers = [("x-bf-prom-project", new string('p', 300) + end)] }
            );
            page.Take(new AnEndedExchange { Model = new string('m', 255) + "\ud83d\ude00" + end });
        }

        page.Take(new AnEndedExchange { Model = "half \ud83d" });
        page.Take(new AnEndedExchange { Model = "half \ude00" });

        // Reading fails where a series comes twice.
        Assert.Equal(6, page.Sum("bifrost_upstream_requests_total"));
    }

    [Theory]
    [InlineData("quoted \"name\"")]
    [InlineData("back\\slash\\n")]
    [InlineData("two\nlines")]
    [InlineData("tab\tand \r return")]
    [InlineData("}, evil{a=\"b\"} 1\n# EOF\n")]
    [InlineData("ünïcödé \ud83d\ude00")]
    public void A_label_says_what_the_caller_said_and_nothing_else(string model)
    {
        var page = new APage();
        page.Take(new AnEndedExchange { Model = model });

        Assert.Equal(model, page.Read().Of("bifrost_success_requests_total").Single().Label("model"));
    }
}
