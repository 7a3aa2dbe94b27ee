using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Configuration;
using Bifrost.Observability.RequestLog;
using Bifrost.Providers;
using Bifrost.Server.Http;
using Bifrost.Server.Start;
using Bifrost.Testing.Stores;
using Microsoft.Extensions.Logging;

namespace Bifrost.Testing.Governed;

/// <summary>A gateway that runs with its control plane, and can be stopped and started again on the same store and port.</summary>
public sealed class GovernedGateway : IAsyncDisposable
{
    private readonly StorePlace _place;
    private readonly LogLines _lines = new();
    private readonly TimeProvider _clock;
    private readonly bool _inMemory;
    private readonly RequestLogOptions _logQueue;
    private ProviderSet? _providers;
    private ControlPlane? _plane;
    private GatewayHost? _host;

    internal GovernedGateway(StorePlace place, TimeProvider clock, bool inMemory, RequestLogOptions logQueue)
    {
        (_place, _clock, _inMemory, _logQueue) = (place, clock, inMemory, logQueue);
        Api = new ManagementClient(Http);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1:0/");

    /// <summary>One connection serves calls that follow each other, so that each finds the one before it settled.</summary>
    public HttpClient Http { get; } =
        new(new SocketsHttpHandler { UseCookies = false, UseProxy = false }) { Timeout = TimeSpan.FromSeconds(60) };

    public ManagementClient Api { get; }

    public ControlPlane Plane => _plane ?? throw new InvalidOperationException("The gateway is stopped.");

    public StorePlace Place => _place;

    /// <summary>Everything that was logged so far, of all starts.</summary>
    public string Log => _lines.ToString();

    /// <summary>One inference call; nothing but its headers is read.</summary>
    /// <param name="key">A virtual key's value; null for none.</param>
    /// <param name="path">Below the root.</param>
    /// <param name="json">The body.</param>
    /// <param name="headers">Further ones.</param>
    public Task<HttpResponseMessage> PostAsync(string? key, string path, string json, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, path))
        {
            Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        if (key is not null)
        {
            request.Headers.Add("x-bf-vk", key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>A chat of one sentence.</summary>
    public async Task<AnAnswer> AskAsync(string? key, string model = "openai/penny", params (string Name, string Value)[] headers) =>
        await AnAnswer.OfAsync(
            await PostAsync(
                key,
                "/v1/chat/completions",
                $$"""{"model":"{{model}}","messages":[{"role":"user","content":"Hello"}]}""",
                headers
            )
        );

    /// <summary>Waits for running requests, writes everything down, and starts again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async Task StopAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        if (_plane is not null)
        {
            await _plane.DisposeAsync();
        }

        if (_providers is not null)
        {
            await _providers.DisposeAsync();
        }

        (_host, _plane, _providers) = (null, null, null);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        await _place.DisposeAsync();
    }

    internal async Task StartAsync()
    {
        var settings = new HostSettings("127.0.0.1", Address.Port, logging => logging.AddProvider(_lines).SetMinimumLevel(LogLevel.Debug))
        {
            Clock = _clock,
        };
        var logs = LoggerFactory.Create(settings.Logging);
        _providers = ProviderSet.Create(settings, logs);
        var reading = Bootstrap.Read(
            Path.Combine(_place.Folder, "config.json"),
            static _ => null,
            _providers.Kinds,
            ProviderCatalog.NotServed
        );
        Fail(reading.Mistakes);
        var place = new Place(_place.Folder, static _ => null) { InMemory = _inMemory, LogQueue = _logQueue };
        var opening = await ControlPlane.OpenAsync(reading, place, _providers, _clock, logs, CancellationToken.None);
        Fail(opening.Mistakes);
        _plane = opening.Plane!;
        _host = await GatewayHost.StartAsync(_plane.Settings.Config, settings, _providers, logs, _plane);
        Address = _host.Address;
        Api.Address = Address;
    }

    private static void Fail(IReadOnlyList<Core.World.Mistake> mistakes)
    {
        if (mistakes.Count > 0)
        {
            throw new InvalidOperationException(string.Join('\n', mistakes.Select(m => $"{m.Path}: {m.Message}")));
        }
    }
}

/// <summary>The management API over HTTP.</summary>
public sealed class ManagementClient(HttpClient http)
{
    public Uri Address { get; set; } = new("http://127.0.0.1:0/");

    public Task<AnAnswer> GetAsync(string path) => SendAsync("GET", path);

    public Task<AnAnswer> DeleteAsync(string path) => SendAsync("DELETE", path);

    public async Task<AnAnswer> SendAsync(string method, string path, string? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(Address, path));
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await AnAnswer.OfAsync(await http.SendAsync(request));
    }

    /// <summary>Makes a thing of governance (<c>teams</c>, <c>virtual-keys</c>) and gives it as answered.</summary>
    public async Task<JsonNode> MakeAsync(string kind, string json)
    {
        var answer = await SendAsync("POST", $"/api/governance/{kind}", json);
        answer.MustBe(201);
        return answer.Thing;
    }

    /// <summary>Changes a thing of governance, which must work.</summary>
    public async Task<JsonNode> ChangeAsync(string kind, string id, string json)
    {
        var answer = await SendAsync("PUT", $"/api/governance/{kind}/{id}", json);
        answer.MustBe(200);
        return answer.Thing;
    }

    /// <summary>A thing of governance as it stands.</summary>
    public async Task<JsonNode> ReadAsync(string kind, string id, bool fromMemory = false)
    {
        var answer = await GetAsync($"/api/governance/{kind}/{id}{(fromMemory ? "?from_memory=true" : "")}");
        answer.MustBe(200);
        return answer.Thing;
    }

    public async Task RemoveAsync(string kind, string id) => (await DeleteAsync($"/api/governance/{kind}/{id}")).MustBe(200);
}

/// <summary>An answer, read whole.</summary>
public sealed record AnAnswer(int Status, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    /// <summary>The object that the answer is about, beside its message.</summary>
    public JsonNode Thing => Json.AsObject().First(m => m.Value is JsonObject).Value!;

    public string ErrorType => (string)Json["error"]!["type"]!;

    public string Message => (string)Json["error"]!["message"]!;

    public static async Task<AnAnswer> OfAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync();
            var headers = response
                .Headers.Concat(response.Content.Headers)
                .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase);
            return new AnAnswer((int)response.StatusCode, text, headers);
        }
    }

    public void MustBe(int status)
    {
        if (Status != status)
        {
            throw new Xunit.Sdk.XunitException($"Expected {status}, was {Status}: {Text}");
        }
    }
}
