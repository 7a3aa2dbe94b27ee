using System.Net;
using Bifrost.Core.Contracts;
using Bifrost.Core.Inbound;
using Bifrost.Core.World;
using Bifrost.Providers.Replicate;
using Bifrost.Server.Start;
using Bifrost.Web;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Bifrost.Server.Http;

/// <summary>A running gateway.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Composition _parts;

    private readonly WebUi? _ui;

    private GatewayHost(WebApplication app, Composition parts, WebUi? ui)
    {
        (_app, _parts, _ui) = (app, parts, ui);
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    /// <summary>Where it listens, with the port that was really taken.</summary>
    public Uri Address { get; }

    public GatewayWorld World => _parts.World.Now;

    /// <summary>Starts listening. Throws <see cref="IOException"/> when the address cannot be taken.</summary>
    public static async Task<GatewayHost> StartAsync(
        GatewayConfig config,
        HostSettings settings,
        ProviderSet providers,
        ILoggerFactory logs,
        ControlPlane? plane = null
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(logs);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(config.Client.ShutdownSeconds));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => Listen(o, settings));
        builder.Services.AddSingleton<IConnectionListenerFactory, SocketTransport>();
        if (settings.OwnsProcess)
        {
            builder.Services.AddSingleton<IHostLifetime, ConsoleStop>();
        }

        var app = builder.Build();
        var parts = Composition.Build(config, settings, providers, plane, logs);
        var door = new FrontDoor(parts, settings, plane?.Admin, app.Lifetime.ApplicationStopping);
        if (plane is not null)
        {
            app.Lifetime.ApplicationStopping.Register(plane.EndLive);
        }

        door.Ui = plane is null ? null : new WebUi(door.EnterAsync, logs, settings.Clock);
        app.Run(door.EnterAsync);
        await app.StartAsync();
        return new GatewayHost(app, parts, door.Ui);
    }

    public Task WaitForStopAsync() => _app.WaitForShutdownAsync();

    /// <summary>Refuses new requests and lets running ones finish within the limit.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        if (_ui is not null)
        {
            await _ui.DisposeAsync();
        }

        await _app.DisposeAsync();
    }

    private static void Listen(KestrelServerOptions options, HostSettings settings)
    {
        options.AddServerHeader = false;
        // The corridor enforces its own limit and answers in the caller's dialect.
        options.Limits.MaxRequestBodySize = null;
        options.Limits.MaxRequestHeadersTotalSize = 64 << 10;
        void Http1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
        if (settings.Host is "localhost")
        {
            options.ListenLocalhost(settings.Port, Http1);
        }
        else
        {
            var address = settings.Host is "*" or "" ? IPAddress.Any : IPAddress.Parse(settings.Host);
            options.Listen(address, settings.Port, Http1);
        }
    }
}

/// <summary>How the process runs, as opposed to what it serves.</summary>
/// <param name="Host">An IP address, or localhost.</param>
/// <param name="Port">0 takes any free one.</param>
/// <param name="Logging">Where logs go.</param>
public sealed record HostSettings(string Host, int Port, Action<ILoggingBuilder> Logging)
{
    /// <summary>Stop on SIGINT and SIGTERM; off when hosted within a test.</summary>
    public bool OwnsProcess { get; init; }

    /// <summary>Answers are simulated, and say so.</summary>
    public bool Simulated { get; init; }

    /// <summary>Who may call. Default: there are no virtual keys.</summary>
    public ICallers Callers { get; init; } = NoCallers.Instance;

    /// <summary>What is limited. Default: nothing.</summary>
    public IReservations Reservations { get; init; } = NoReservations.Instance;

    /// <summary>Told of every exchange when it was read.</summary>
    public IReadOnlyList<IGreeter> Greeters { get; init; } = [];

    /// <summary>Told of every exchange when it is over, after the log line is written.</summary>
    public IReadOnlyList<ISettler> Settlers { get; init; } = [];

    /// <summary>Who keeps what is answered, or null.</summary>
    public IAnswerCopies? AnswerCopies { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How patiently Replicate is polled; tests hurry.</summary>
    public WaitPace Pace { get; init; } = WaitPace.Standard;
}
