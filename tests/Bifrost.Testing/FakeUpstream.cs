using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bifrost.Testing;

/// <summary>A server on a real socket that answers as the test says and remembers what it was asked.</summary>
public sealed class FakeUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SeenRequest> _seen = new();

    private FakeUpstream(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Address { get; }

    public IReadOnlyList<SeenRequest> Seen => [.. _seen];

    /// <summary>The only request that came.</summary>
    public SeenRequest Only => Seen.Single();

    /// <summary>Requests that were aborted by whoever sent them.</summary>
    public int Aborted => _aborted;

    private int _aborted;

    public static async Task<FakeUpstream> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(o =>
            {
                o.Listen(System.Net.IPAddress.Loopback, 0);
                o.Limits.MaxRequestBodySize = null;
            });
        var app = builder.Build();
        FakeUpstream? self = null;
        app.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            self!._seen.Enqueue(SeenRequest.Of(http.Request, body.ToArray()));
            http.Request.Body = new MemoryStream(body.ToArray());
            try
            {
                await answer(http);
            }
            catch (OperationCanceledException)
            {
                // The gateway hung up, which is what some tests wait for.
            }

            if (http.RequestAborted.IsCancellationRequested)
            {
                Interlocked.Increment(ref self._aborted);
            }
        });
        await app.StartAsync();
        self = new FakeUpstream(app);
        return self;
    }

    /// <summary>Always the same JSON.</summary>
    public static Task<FakeUpstream> AnsweringAsync(string json, int status = 200) => StartAsync(http => WriteAsync(http, json, status));

    public static async Task WriteAsync(HttpContext http, string json, int status = 200)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(json);
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }
}

public sealed record SeenRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    internal static SeenRequest Of(HttpRequest request, byte[] body) =>
        new(
            request.Method,
            request.Path.Value ?? "",
            request.QueryString.Value ?? "",
            request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            body
        );
}
