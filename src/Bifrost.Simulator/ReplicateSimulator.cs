using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bifrost.Simulator;

/// <summary>
/// A pretend Replicate on a real socket of this machine. It speaks the HTTP protocol of the real one, answers with text, pictures and videos that
/// say they are simulated, and misbehaves exactly as its <see cref="Script"/> asks.
/// </summary>
public sealed class ReplicateSimulator : IAsyncDisposable
{
    private readonly CancellationTokenSource stopping = new();
    private readonly RequestLog log;
    private readonly PredictionStore predictions;
    private readonly FileEndpoints files;
    private readonly StreamEndpoint streams;
    private readonly WebhookSender webhooks;
    private readonly Door door;
    private WebApplication? app;
    private Uri address = new("http://127.0.0.1:0");
    private int disposed;

    private ReplicateSimulator(SimulatorOptions options)
    {
        var pace = new Pace(options.Clock, options.Speed);
        log = new RequestLog(options.KeptRequests);
        predictions = new PredictionStore(options.KeptPredictions);
        var json = new PredictionJson(pace, () => BaseUrl, options.Retention);
        var deliveries = new DeliveryStore(() => Address);
        webhooks = new WebhookSender(pace, options, json, stopping.Token);
        var runner = new PredictionRunner(pace, deliveries, webhooks, stopping.Token);
        files = new FileEndpoints(pace, options, () => BaseUrl);
        streams = new StreamEndpoint(pace, options, predictions);
        var endpoints = new PredictionEndpoints(pace, options, Models, Script, predictions, runner, json, webhooks, () => BaseUrl);
        var models = new ModelEndpoints(Models, options, () => BaseUrl);
        var routes = new Routes(options, endpoints, models, files, new DeliveryEndpoint(deliveries), streams);
        var limits = new RateLimits(pace, options.RealisticRateLimits);
        door = new Door(pace, options, Script, Models, log, limits, routes, stopping.Token);
    }

    /// <summary><c>http://127.0.0.1:port</c>.</summary>
    public Uri Address => address;

    /// <summary><see cref="Address"/> with <c>/v1</c>, the base of the API.</summary>
    public Uri BaseUrl => new(address, "/v1");

    /// <summary>The catalogue.</summary>
    public SimulatorModels Models { get; } = new();

    /// <summary>What to do differently from a healthy Replicate.</summary>
    public Script Script { get; } = new();

    /// <summary>Every request so far, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> Requests => log.All;

    /// <summary>Every prediction so far, oldest first.</summary>
    public IReadOnlyCollection<SimulatedPrediction> Predictions => predictions.All;

    /// <summary>Every attempt to deliver a webhook, oldest first.</summary>
    public IReadOnlyList<WebhookDelivery> Webhooks => webhooks.Deliveries;

    /// <summary>Stream connections open now. A caller may see the end of its stream a moment before this falls.</summary>
    public int OpenStreams => streams.Open;

    /// <summary>Starts a simulator; it answers when the task completes.</summary>
    public static async Task<ReplicateSimulator> StartAsync(SimulatorOptions? options = null, CancellationToken ct = default)
    {
        options ??= new SimulatorOptions();
        var simulator = new ReplicateSimulator(options);
        try
        {
            await simulator.ListenAsync(options.Port, ct);
            return simulator;
        }
        catch
        {
            await simulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>The requests with this method whose path (with query) starts so, oldest first.</summary>
    public IReadOnlyList<RecordedRequest> RequestsTo(string method, string pathPrefix) =>
        [
            .. Requests.Where(request =>
                string.Equals(request.Method, method, StringComparison.OrdinalIgnoreCase)
                && request.Path.StartsWith(pathPrefix, StringComparison.Ordinal)
            ),
        ];

    /// <summary>Forgets requests, predictions and files; running predictions end canceled.</summary>
    public void Forget()
    {
        log.Clear();
        predictions.Clear();
        files.Clear();
    }

    /// <summary>Closes every connection and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0)
        {
            return;
        }

        await stopping.CancelAsync();
        if (app is not null)
        {
            await app.StopAsync(CancellationToken.None);
            await app.DisposeAsync();
        }

        predictions.Clear();
        webhooks.Dispose();
        stopping.Dispose();
    }

    private async Task ListenAsync(int port, CancellationToken ct)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        _ = builder.WebHost.UseKestrelCore();
        _ = builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(System.Net.IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.AddServerHeader = false;
        });
        _ = builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));
        app = builder.Build();
        app.Run(door.HandleAsync);
        await app.StartAsync(ct);
        var bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        address = new Uri(bound);
    }
}
