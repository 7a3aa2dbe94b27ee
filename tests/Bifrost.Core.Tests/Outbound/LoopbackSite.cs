using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bifrost.Core.Tests.Outbound;

/// <summary>A web site on a free port of 127.0.0.1 that remembers who called.</summary>
internal sealed class LoopbackSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LoopbackSite(WebApplication app, ConcurrentQueue<Dictionary<string, string>> seen) => (_app, Seen) = (app, seen);

    public ConcurrentQueue<Dictionary<string, string>> Seen { get; }

    public int Port => new Uri(_app.Urls.First()).Port;

    public static async Task<LoopbackSite> StartAsync(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var seen = new ConcurrentQueue<Dictionary<string, string>>();
        app.Run(context =>
        {
            seen.Enqueue(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString()));
            return answer(context);
        });
        await app.StartAsync();
        return new LoopbackSite(app, seen);
    }

    public Uri At(string path, string host = "127.0.0.1") => new($"http://{host}:{Port}{path}");

    public IReadOnlySet<string> Trusted(string host = "127.0.0.1") => new HashSet<string> { $"{host}:{Port}" };

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
