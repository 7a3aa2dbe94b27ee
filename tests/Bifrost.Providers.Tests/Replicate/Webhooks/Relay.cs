using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bifrost.Providers.Tests.Replicate.Webhooks;

/// <summary>An address that is known before the gateway behind it has one.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http = new();

    private Relay(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public Uri? Goal { get; set; }

    public static async Task<Relay> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var relay = new Relay(app);
        app.Run(relay.PassOnAsync);
        await app.StartAsync();
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
    }

    private async Task PassOnAsync(HttpContext http)
    {
        using var bytes = new MemoryStream();
        await http.Request.Body.CopyToAsync(bytes);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Goal!, http.Request.Path + http.Request.QueryString.Value))
        {
            Content = new ByteArrayContent(bytes.ToArray()),
        };
        foreach (var (name, value) in http.Request.Headers)
        {
            if (name.StartsWith("webhook-", StringComparison.OrdinalIgnoreCase))
            {
                request.Headers.TryAddWithoutValidation(name, value.ToString());
            }
        }

        using var response = await _http.SendAsync(request);
        http.Response.StatusCode = (int)response.StatusCode;
    }
}
