using Bifrost.Admin.Http;

namespace Bifrost.Admin.Health;

/// <summary>What Prometheus asks for. Behind the same rights as everything else: it tells who uses what.</summary>
internal sealed class MetricsRoutes(Func<HttpContext, Task> write)
{
    public IEnumerable<Route> All() =>
        [
            new("GET", "/metrics", "Every metric, for Prometheus; as OpenMetrics when asked for.", _ => Task.FromResult(Metrics()))
            {
                Group = "Health",
                Answer = "Text.",
            },
        ];

    private Reply Metrics() => new(StatusCodes.Status200OK, null) { ContentType = "text/plain", Stream = (http, _) => write(http) };
}
