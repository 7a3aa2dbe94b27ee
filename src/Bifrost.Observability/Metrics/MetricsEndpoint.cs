using Microsoft.AspNetCore.Http;

namespace Bifrost.Observability.Metrics;

/// <summary><c>GET /metrics</c>. Whoever serves it decides who may see it.</summary>
public sealed class MetricsEndpoint(MetricsPage page)
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    // What waits is in blocks that the server keeps for good.
    private const int SendAt = 64 << 10;

    public async Task WriteAsync(HttpContext http)
    {
        var openMetrics = http
            .Request.Headers.Accept.ToString()
            .Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        http.Response.ContentType = openMetrics ? OpenMetrics : Text;
        http.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            var body = http.Response.BodyWriter;
            foreach (var _ in page.Write(body, openMetrics))
            {
                if (body.UnflushedBytes >= SendAt)
                {
                    await body.FlushAsync(http.RequestAborted);
                }
            }

            await body.FlushAsync(http.RequestAborted);
        }
    }
}
