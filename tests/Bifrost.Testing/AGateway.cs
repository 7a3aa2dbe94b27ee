using System.Collections.Concurrent;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Providers.Replicate;
using Bifrost.Server.Http;
using Bifrost.Simulator;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Bifrost.Testing;

/// <summary>Builds real gateways on free ports: <c>await AGateway.With().OpenAI(upstream).StartAsync()</c>.</summary>
public sealed class AGateway
{
    private readonly Dictionary<string, ProviderConfig> _providers = [];
    private ClientConfig _client = new() { ShutdownSeconds = 5 };
    private WaitPace _pace = new() { Scale = 0, Spacing = TimeSpan.Zero };
    private ICallers _callers = NoCallers.Instance;
    private IReservations _reservations = NoReservations.Instance;
    private readonly List<ISettler> _settlers = [];
    private readonly List<IGreeter> _greeters = [];
    private IAnswerCopies? _copies;
    private NetworkConfig _network = new() { RetryBackoffInitialMs = 1, RetryBackoffMaxMs = 5 };

    public static AGateway With() => new();

    /// <summary>With virtual keys, limits, prices and the management API.</summary>
    public static Governed.AGovernedGateway Governed() => new();

    public AGateway OpenAI(FakeUpstream upstream, params KeyConfig[] keys) => Provider("openai", "openai", upstream.Address, keys);

    public AGateway Replicate(ReplicateSimulator simulator, params KeyConfig[] keys) =>
        Provider("replicate", "replicate", simulator.Address, keys);

    /// <summary>A provider with one key <c>sk-upstream</c> unless keys are given.</summary>
    public AGateway Provider(string id, string kind, Uri address, params KeyConfig[] keys)
    {
        _providers[id] = new ProviderConfig
        {
            Kind = kind,
            Keys = keys.Length > 0 ? keys : [new KeyConfig { Name = "main", Value = new Secret("sk-upstream") }],
            Network = _network with { BaseUrl = address },
        };
        return this;
    }

    /// <summary>Applies to providers added after it.</summary>
    public AGateway Network(Func<NetworkConfig, NetworkConfig> change)
    {
        _network = change(_network);
        return this;
    }

    public AGateway Client(Func<ClientConfig, ClientConfig> change)
    {
        _client = change(_client);
        return this;
    }

    public AGateway Callers(ICallers callers)
    {
        _callers = callers;
        return this;
    }

    public AGateway Reservations(IReservations reservations)
    {
        _reservations = reservations;
        return this;
    }

    public AGateway Settler(ISettler settler)
    {
        _settlers.Add(settler);
        _copies = settler as IAnswerCopies ?? _copies;
        if (settler is IGreeter greeter)
        {
            _greeters.Add(greeter);
        }

        return this;
    }

    /// <summary>How patiently Replicate is polled. Default: not at all.</summary>
    public AGateway Pace(WaitPace pace)
    {
        _pace = pace;
        return this;
    }

    public async Task<RunningGateway> StartAsync(TimeProvider? clock = null)
    {
        var lines = new LogLines();
        var settings = new HostSettings("127.0.0.1", 0, logging => logging.AddProvider(lines).SetMinimumLevel(LogLevel.Debug))
        {
            Clock = clock ?? TimeProvider.System,
            Pace = _pace,
            Callers = _callers,
            Reservations = _reservations,
            Settlers = _settlers,
            Greeters = _greeters,
            AnswerCopies = _copies,
        };
        var logs = LoggerFactory.Create(settings.Logging);
        var providers = ProviderSet.Create(settings, logs);
        var config = new GatewayConfig { Client = _client, Providers = _providers };
        return new RunningGateway(await GatewayHost.StartAsync(config, settings, providers, logs), providers, lines);
    }
}

/// <summary>A gateway that runs, and a client for it.</summary>
public sealed class RunningGateway(GatewayHost host, ProviderSet providers, LogLines lines) : IAsyncDisposable
{
    public HttpClient Client { get; } = new() { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(60) };

    public Uri Address => host.Address;

    /// <summary>Everything that was logged so far, exceptions included.</summary>
    public string Log => lines.ToString();

    public Task<HttpResponseMessage> PostAsync(string path, string json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(json, System.Text.Encoding.UTF8, "application/json"),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task StopAsync() => await host.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.DisposeAsync();
        await providers.DisposeAsync();
    }
}

/// <summary>Keeps log lines in memory.</summary>
public sealed class LogLines : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public ILogger CreateLogger(string categoryName) => new Line(_lines);

    public void Dispose() { }

    public override string ToString() => string.Join('\n', _lines);

    private sealed class Line(ConcurrentQueue<string> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
    }
}
