using Bifrost.Core.World;
using Bifrost.Observability.Metrics;
using Bifrost.Testing;

namespace Bifrost.Observability.Tests.Metrics;

public sealed class OwnLabelsTests
{
    private static readonly ClientConfig Two = new() { PrometheusLabels = ["project", "stage"] };

    [Fact]
    public void Callers_fill_the_operators_labels_with_headers()
    {
        var page = new APage(client: Two);
        page.Take(
            new AnEndedExchange { Headers = [("X-BF-Prom-Project", "blue"), ("x-bf-prom-stage", "test"), ("x-bf-prom-other", "unseen")] }
        );
        page.Take(new AnEndedExchange { Headers = [("x-bf-prom-project", "blue")] });
        page.Take(new AnEndedExchange());

        var read = page.Read();

        Assert.Equal(2, read.Sum("bifrost_upstream_requests_total", ("project", "blue")));
        Assert.Equal(1, read.Sum("bifrost_upstream_requests_total", ("project", "blue"), ("stage", "test")));
        Assert.Equal(2, read.Sum("http_requests_total", ("project", "blue")));
        Assert.Equal(3, read.Sum("bifrost_upstream_requests_total"));
        Assert.DoesNotContain("unseen", page.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public void Values_are_told_apart_up_to_a_limit_each_label_for_itself()
    {
        var page = new APage(new MetricsOptions { MaxCallerValues = 3 }, Two);
        for (var i = 0; i < 10; i++)
        {
            page.Take(new AnEndedExchange { Headers = [("x-bf-prom-project", $"p{i}"), ("x-bf-prom-stage", "same")] });
        }

        var read = page.Read();

        Assert.Equal(7, read.Sum("bifrost_upstream_requests_total", ("project", "other"), ("stage", "same")));
        Assert.Equal(4, read.Of("bifrost_upstream_requests_total").Count());
        Assert.Equal(7, read.Sum("bifrost_metrics_overflows_total"));
    }

    [Fact]
    public void They_may_change_while_running()
    {
        var page = new APage(client: Two);
        page.Take(new AnEndedExchange { Headers = [("x-bf-prom-project", "blue")] });
        page.Client = new ClientConfig { PrometheusLabels = ["run", "run"] };
        page.Take(new AnEndedExchange { Headers = [("x-bf-prom-project", "blue"), ("x-bf-prom-run", "7")] });

        var read = page.Read();

        Assert.Equal(1, read.Sum("bifrost_upstream_requests_total", ("project", "blue")));
        Assert.Equal(1, read.Sum("bifrost_upstream_requests_total", ("run", "7")));
    }
}
