using Microsoft.AspNetCore.Http;

namespace Bifrost.Observability.Metrics;

/// <summary><c>GET /metrics</c>. Whoever serves it decides who may see it.</summary>
public sealed class MetricsEndpoint(MetricsPage page)
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    public async Task WriteAsync(HttpContext http)
    {
        var openMetrics = http
            .Request.Headers.Accept.ToString()
            .Contains("application/openmetrics-text", StringComparison.OrdinalIgnoreCase);
        http.Response.ContentType = openMetrics ? OpenMetrics : Text;
        http.Response.Headers.CacheControl = "no-store";
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            page.Write(http.Response.BodyWriter, openMetrics);
            await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
        }
    }
}
