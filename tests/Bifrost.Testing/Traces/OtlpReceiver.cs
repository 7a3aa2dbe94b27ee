using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Bifrost.Testing.Traces;

/// <summary>A collector on real sockets: OTLP as protobuf over HTTP/1.1 on one port and as gRPC over HTTP/2 on another. Keeps every span it was sent.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private const string GrpcPath = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SeenExport> _exports = new();

    private OtlpReceiver(WebApplication app)
    {
        _app = app;
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToArray();
        (Http, Grpc) = (new Uri(addresses[0]), new Uri(addresses[1]));
    }

    /// <summary>Root of the port for HTTP/1.1.</summary>
    public Uri Http { get; }

    public Uri Grpc { get; }

    /// <summary>What every export is answered with over HTTP. Default 200.</summary>
    public int Status { get; set; } = 200;

    public IReadOnlyList<SeenExport> Exports => [.. _exports];

    public IReadOnlyList<SeenSpan> Spans => [.. _exports.SelectMany(e => e.Spans)];

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(o =>
            {
                o.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http1);
                o.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2);
            });
        var app = builder.Build();
        OtlpReceiver? self = null;
        app.Run(http => self!.TakeAsync(http));
        await app.StartAsync();
        return self = new OtlpReceiver(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        var isGrpc = http.Request.Path == GrpcPath && http.Request.ContentType == "application/grpc";
        if (!isGrpc && (http.Request.Path != "/v1/traces" || http.Request.ContentType != "application/x-protobuf"))
        {
            http.Response.StatusCode = 404;
            return;
        }

        if (Status == 200)
        {
            var headers = http.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            // A message in gRPC stands behind a flag and its length.
            _exports.Enqueue(new SeenExport(isGrpc, headers, OtlpSpans.Read(body.ToArray().AsMemory(isGrpc ? 5 : 0))));
        }

        http.Response.StatusCode = Status;
        http.Response.ContentType = isGrpc ? "application/grpc" : "application/x-protobuf";
        if (isGrpc)
        {
            await http.Response.Body.WriteAsync(new byte[5]);
            http.Response.AppendTrailer("grpc-status", "0");
        }
    }
}

/// <summary>One request with spans in it.</summary>
public sealed record SeenExport(bool IsGrpc, IReadOnlyDictionary<string, string> Headers, IReadOnlyList<SeenSpan> Spans);

/// <summary>A span as it came over the wire. Ids are hexadecimal; times are nanoseconds since 1970.</summary>
public sealed record SeenSpan
{
    public string TraceId { get; set; } = "";

    public string SpanId { get; set; } = "";

    /// <summary>Empty for a root.</summary>
    public string ParentId { get; set; } = "";

    public string TraceState { get; set; } = "";

    public string Name { get; set; } = "";

    /// <summary>2 is server, 3 is client.</summary>
    public int Kind { get; set; }

    public ulong Start { get; set; }

    public ulong End { get; set; }

    /// <summary>0 is unset, 2 is error.</summary>
    public int Status { get; set; }

    public string StatusMessage { get; set; } = "";

    /// <summary>Texts, numbers (<c>long</c>, <c>double</c>), booleans, and lists of them.</summary>
    public Dictionary<string, object?> Attributes { get; } = [];

    public List<(string Name, IReadOnlyDictionary<string, object?> Attributes)> Events { get; } = [];

    public string Scope { get; set; } = "";

    public IReadOnlyDictionary<string, object?> Resource { get; set; } = new Dictionary<string, object?>();

    public object? this[string attribute] => Attributes.GetValueOrDefault(attribute);

    /// <summary>Everything that is said in it, for looking for what must not be there.</summary>
    public string AllText =>
        string.Join('\n', Attributes.Concat(Events.SelectMany(e => e.Attributes)).Select(a => $"{a.Key}={a.Value}"))
        + $"\n{Name}\n{StatusMessage}\n{TraceState}";
}
