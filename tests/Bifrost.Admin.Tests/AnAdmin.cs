using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Admin.Governance;
using Bifrost.Admin.Health;
using Bifrost.Admin.Logs;
using Bifrost.Admin.Sessions;
using Bifrost.Configuration;
using Bifrost.Configuration.Settings;
using Bifrost.Core.World;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Prices;
using Bifrost.Governance.Registry;
using Bifrost.Governance.Stores;
using Bifrost.Observability.Live;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Bifrost.Admin.Tests;

/// <summary>The management API alone, on a real socket, with stores in memory.</summary>
internal sealed class AnAdmin : IAsyncDisposable
{
    public const string User = "admin";
    public const string Password = "correct horse battery staple";

    private static readonly Passwords Hasher = new();
    private readonly WebApplication _app;
    private readonly CancellationTokenSource _closing;

    private AnAdmin(
        WebApplication app,
        AdminSurface surface,
        AdminParts parts,
        FakeTimeProvider clock,
        IObjectStore objects,
        CancellationTokenSource closing
    )
    {
        _app = app;
        _closing = closing;
        Surface = surface;
        Parts = parts;
        Clock = clock;
        Objects = objects;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = NewClient();
    }

    public AdminSurface Surface { get; }

    public AdminParts Parts { get; }

    public FakeTimeProvider Clock { get; }

    public IObjectStore Objects { get; }

    public Uri Address { get; }

    /// <summary>Signed in where there is an account.</summary>
    public HttpClient Client { get; }

    /// <summary>The request log.</summary>
    public LogParts Log => Parts.RequestLog!;

    /// <summary>Every answer that <see cref="SendAsync"/> has seen.</summary>
    public List<string> Seen { get; } = [];

    public static Task<AnAdmin> OpenAsync(ILogStore? log = null) => StartAsync(account: false, log: log);

    /// <summary>With an account, signed in.</summary>
    public static async Task<AnAdmin> LockedAsync()
    {
        var admin = await StartAsync(account: true);
        admin.Client.DefaultRequestHeaders.Authorization = new("Bearer", await admin.LoginAsync());
        return admin;
    }

    public static async Task<AnAdmin> StartAsync(
        bool account,
        IObjectStore? objects = null,
        IReadOnlyList<StorePing>? pings = null,
        ILedgerStore? ledger = null,
        ILogStore? log = null,
        Func<LogParts, LogParts>? logged = null
    )
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 11, 22, 12, 0, 0, TimeSpan.Zero));
        var store = objects ?? new InMemoryObjectStore();
        var box = new ABox();
        var file = new ConfigReading(new GatewayConfig(), [], []);
        var opened = await GatewaySettings.OpenAsync(
            file,
            new SettingsParts(store, box, Hasher, clock),
            _ => null,
            [new AKind("openai"), new AKind("replicate")],
            ["anthropic"],
            default
        );
        Assert.Empty(opened.Mistakes);
        if (account)
        {
            var patch = new JsonObject
            {
                ["admin_username"] = User,
                ["admin_password"] = Password,
                ["is_enabled"] = true,
            };
            Assert.True((await opened.Settings!.PatchAuthAsync(JsonSerializer.SerializeToElement(patch), default)).IsDone);
        }

        var till = new Till(clock);
        var closing = new CancellationTokenSource();
        var requests = new LogParts(log ?? new InMemoryLogStore(), new LiveFeed(), new LogDrops());
        var parts = new AdminParts
        {
            Registry = await GovernanceRegistry.OpenAsync(store, till, clock, default),
            Settings = opened.Settings!,
            Standings = new TillStandings(till),
            Passwords = Hasher,
            Ledger = ledger ?? new InMemoryLedgerStore(),
            Prices = () => PriceCatalogue.Embedded,
            Clock = clock,
            Logs = NullLoggerFactory.Instance,
            Version = "1.2.3",
            Sessions = store,
            Box = box,
            Stores = pings ?? [],
            RequestLog = logged?.Invoke(requests) ?? requests,
            Closing = closing.Token,
        };
        var surface = await AdminSurface.OpenAsync(parts, default);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(surface.AnswerAsync);
        await app.StartAsync();
        return new AnAdmin(app, surface, parts, clock, store, closing);
    }

    public HttpClient NewClient() => new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = Address };

    /// <summary>The session's token.</summary>
    public async Task<string> LoginAsync(string user = User, string password = Password)
    {
        using var client = NewClient();
        using var answer = await client.SendAsync(
            Request("POST", "/api/session/login", new JsonObject { ["username"] = user, ["password"] = password })
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        return cookie.Split(';')[0]["token=".Length..];
    }

    public static HttpRequestMessage Request(string method, string path, JsonNode? body = null)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        return request;
    }

    public Task<AnAnswer> GetAsync(string path) => SendAsync(Request("GET", path));

    public Task<AnAnswer> SendAsync(string method, string path, string json) =>
        SendAsync(
            new HttpRequestMessage(new HttpMethod(method), path)
            {
                Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            }
        );

    public Task<AnAnswer> DeleteAsync(string path) => SendAsync(Request("DELETE", path));

    public async Task<AnAnswer> SendAsync(HttpRequestMessage request, HttpClient? client = null)
    {
        using var answer = await (client ?? Client).SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Seen.Add(text);
        return new AnAnswer((int)answer.StatusCode, text, answer.Headers, answer.Content.Headers);
    }

    /// <summary>Makes something and gives its id.</summary>
    public async Task<string> MadeAsync(string path, string member, string json)
    {
        var answer = await SendAsync("POST", $"/api/governance/{path}", json);
        Assert.True(answer.Status == 201, answer.Text);
        return answer.Json[member]!["id"]!.GetValue<string>();
    }

    /// <summary>As when the gateway stops.</summary>
    public void EndLive() => _closing.Cancel();

    public async ValueTask DisposeAsync()
    {
        EndLive();
        Client.Dispose();
        await _app.DisposeAsync();
        await Parts.Settings.DisposeAsync();
        _closing.Dispose();
    }
}

internal sealed record AnAnswer(int Status, string Text, HttpResponseHeaders Headers, HttpContentHeaders Content)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string Message => Json["error"]!["message"]!.GetValue<string>();

    /// <summary><c>path: message</c> of every mistake.</summary>
    public IReadOnlyList<string> Mistakes =>
        [.. (Json["error"]?["mistakes"]?.AsArray() ?? []).Select(m => $"{m!["path"]}: {m["message"]}")];

    public string Header(string name) => Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : "";
}
