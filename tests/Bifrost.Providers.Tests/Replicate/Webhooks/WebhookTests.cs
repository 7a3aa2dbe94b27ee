using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Core.World;
using Bifrost.Simulator;

namespace Bifrost.Providers.Tests.Replicate.Webhooks;

public sealed class WebhookTests
{
    private const string Secret = "whsec_c2ltdWxhdGVkLXdlYmhvb2stc2VjcmV0IQ==";

    [Fact]
    public async Task An_address_is_given_only_to_a_gateway_that_can_be_reached()
    {
        await using var studio = await Studio.OpenAsync();

        await CreateAsync(studio);

        Assert.Null(Assert.Single(studio.Creates).Json()!["webhook"]);
    }

    [Fact]
    public async Task The_end_is_asked_for_and_nothing_else()
    {
        await using var studio = await OpenAsync();

        await CreateAsync(studio);

        var body = Assert.Single(studio.Creates).Json()!;
        Assert.StartsWith("https://gateway.example/bifrost/webhooks/replicate?", (string?)body["webhook"]);
        Assert.Equal("""["completed"]""", body["webhook_events_filter"]!.ToJsonString());
    }

    [Fact]
    public async Task A_callers_own_key_gets_no_webhook()
    {
        await using var studio = await OpenAsync();

        await studio.PostAsync("/v1/videos", Body, ("Authorization", "Bearer r8_callersown"));

        Assert.Null(Assert.Single(studio.Creates).Json()!["webhook"]);
    }

    [Fact]
    public async Task Case_59_a_delivery_in_order_is_accepted_and_seen()
    {
        await using var studio = await OpenAsync();
        var (id, address, prediction) = await CreateAsync(studio);

        var status = await DeliverAsync(studio, address, Ended(prediction));
        var calls = studio.Simulator.RequestsTo("GET", "/v1/predictions").Count;
        var job = (await studio.GetAsync("/v1/videos")).Json["data"]![0]!;

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((id, "completed"), ((string)job["id"]!, (string)job["status"]!));
        Assert.Equal(calls, studio.Simulator.RequestsTo("GET", "/v1/predictions").Count);
    }

    [Fact]
    public async Task Case_59_a_duplicate_is_accepted_and_ignored()
    {
        await using var studio = await OpenAsync();
        var (_, address, prediction) = await CreateAsync(studio);

        Assert.Equal(HttpStatusCode.OK, await DeliverAsync(studio, address, Running(prediction), id: "msg_1"));
        Assert.Equal(HttpStatusCode.OK, await DeliverAsync(studio, address, Ended(prediction), id: "msg_1"));

        var job = (await studio.GetAsync("/v1/videos")).Json["data"]![0]!;
        Assert.NotEqual("completed", (string?)job["status"]);
    }

    [Fact]
    public async Task Case_59_an_altered_body_is_401()
    {
        await using var studio = await OpenAsync();
        var (_, address, prediction) = await CreateAsync(studio);

        var status = await DeliverAsync(studio, address, Ended(prediction), alter: body => body + " ");

        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    [Fact]
    public async Task Case_59_an_old_delivery_is_401()
    {
        await using var studio = await OpenAsync();
        var (_, address, prediction) = await CreateAsync(studio);

        var status = await DeliverAsync(studio, address, Ended(prediction), age: TimeSpan.FromSeconds(310));

        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    [Theory]
    [InlineData("webhook-id")]
    [InlineData("webhook-timestamp")]
    [InlineData("webhook-signature")]
    public async Task Case_59_a_missing_header_is_400(string header)
    {
        await using var studio = await OpenAsync();
        var (_, address, prediction) = await CreateAsync(studio);

        var status = await DeliverAsync(studio, address, Ended(prediction), without: header);

        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    [Fact]
    public async Task An_address_that_we_did_not_make_is_404_and_no_secret_is_asked_for()
    {
        await using var studio = await OpenAsync();
        var (_, address, prediction) = await CreateAsync(studio);
        var bent = address[..^2] + (address[^2] == 'A' ? 'B' : 'A') + address[^1];

        var status = await DeliverAsync(studio, bent, Ended(prediction));

        Assert.Equal(HttpStatusCode.NotFound, status);
        Assert.Empty(studio.Simulator.RequestsTo("GET", "/v1/webhooks"));
    }

    [Fact]
    public async Task The_secret_is_asked_for_once()
    {
        await using var studio = await OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            var (_, address, prediction) = await CreateAsync(studio);
            await DeliverAsync(studio, address, Ended(prediction), id: $"msg_{i}");
        }

        Assert.Single(studio.Simulator.RequestsTo("GET", "/v1/webhooks"));
    }

    [Fact]
    public async Task A_configured_secret_is_used_without_asking()
    {
        await using var studio = await OpenAsync($$"""{"webhook_secret":"{{Secret}}"}""");
        var (_, address, prediction) = await CreateAsync(studio);

        Assert.Equal(HttpStatusCode.OK, await DeliverAsync(studio, address, Ended(prediction)));
        Assert.Empty(studio.Simulator.RequestsTo("GET", "/v1/webhooks"));
    }

    [Fact]
    public async Task A_webhook_ends_the_waiting_before_the_next_poll()
    {
        // Polls are so far apart here that only the webhook can be the one that ends the waiting.
        await using var simulator = await ReplicateSimulator.StartAsync();
        simulator.Script.Model("*").CreateAnswers(201).RunTime(TimeSpan.FromMilliseconds(200));
        await using var proxy = await Relay.StartAsync();
        var config = new GatewayConfig
        {
            Client = new ClientConfig { PublicUrl = proxy.Address },
            Providers = new Dictionary<string, ProviderConfig>
            {
                ["replicate"] = new()
                {
                    Kind = "replicate",
                    Keys = [new KeyConfig { Name = "main", Value = new Secret(Studio.Token) }],
                    Network = new NetworkConfig { BaseUrl = simulator.BaseUrl },
                },
            },
        };
        var settings = new Server.Http.HostSettings("127.0.0.1", 0, _ => { })
        {
            Pace = new Bifrost.Providers.Replicate.WaitPace { Scale = 100 },
        };
        await using var host = await Server.Http.GatewayHost.StartAsync(config, settings);
        proxy.Goal = host.Address;
        using var client = new HttpClient { BaseAddress = host.Address, Timeout = TimeSpan.FromSeconds(20) };
        var body = """{"model":"replicate/black-forest-labs/flux-schnell","prompt":"A lighthouse."}""";

        using var response = await client.PostAsync(
            "/v1/images/generations",
            new StringContent(body, Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(200, Assert.Single(simulator.Webhooks).StatusCode);
        Assert.Empty(simulator.RequestsTo("GET", "/v1/predictions"));
    }

    private static JsonObject Body => new() { ["model"] = "replicate/minimax/video-01", ["prompt"] = "Waves." };

    private static Task<Studio> OpenAsync(string? extras = null) =>
        Studio.OpenAsync(extras: extras, client: known => known with { PublicUrl = new Uri("https://gateway.example/bifrost") });

    /// <summary>Orders a video that never ends by itself.</summary>
    private static async Task<(string Id, string Address, string Prediction)> CreateAsync(Studio studio)
    {
        studio.Simulator.Script.Model("*").NeverFinishes();
        var job = (await studio.PostAsync("/v1/videos", Body)).Json;
        var address = (string?)studio.Creates[^1].Json()!["webhook"] ?? "";
        return ((string)job["id"]!, address, studio.Simulator.Predictions.Last().Id);
    }

    private static string Ended(string prediction) =>
        $$"""{"id":"{{prediction}}","status":"succeeded","output":"https://replicate.delivery/x/out.mp4","completed_at":"2026-05-01T00:00:00.123456789Z"}""";

    private static string Running(string prediction) => $$"""{"id":"{{prediction}}","status":"processing"}""";

    private static async Task<HttpStatusCode> DeliverAsync(
        Studio studio,
        string address,
        string body,
        string id = "msg_1",
        TimeSpan age = default,
        string? without = null,
        Func<string, string>? alter = null
    )
    {
        var timestamp = (TimeProvider.System.GetUtcNow() - age).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var key = Convert.FromBase64String(Secret["whsec_".Length..]);
        var signature = Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{id}.{timestamp}.{body}")));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/replicate" + new Uri(address).Query)
        {
            Content = new StringContent(alter?.Invoke(body) ?? body, Encoding.UTF8, "application/json"),
        };
        request.Headers.TryAddWithoutValidation("webhook-id", id);
        request.Headers.TryAddWithoutValidation("webhook-timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("webhook-signature", "v1," + signature);
        if (without is not null)
        {
            request.Headers.Remove(without);
        }

        using var response = await studio.Client.SendAsync(request);
        return response.StatusCode;
    }
}
