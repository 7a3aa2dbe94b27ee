using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.EndToEnd.Tests.Recordings;
using Bifrost.Simulator;
using Bifrost.Testing;

namespace Bifrost.EndToEnd.Tests.Conformance;

/// <summary>Cases that concern the whole way through the gateway: address, headers, envelope, status.</summary>
public sealed class ReplicateCaseTests
{
    private const string Llama = "meta/meta-llama-3-8b-instruct";

    [Fact]
    public async Task Case_01_an_official_model_is_created_by_name_with_the_token_and_answers_under_the_name_asked_for()
    {
        await using var sim = await ReplicateSimulator.StartAsync();
        await using var gateway = await AGateway.With().Replicate(sim).StartAsync();

        var heard = await ChatAsync(gateway, Llama);

        var create = Assert.Single(sim.RequestsTo("POST", $"/v1/models/{Llama}/predictions"));
        Assert.Equal("Bearer sk-upstream", create.Header("Authorization"));
        Assert.False(create.Json()!.ContainsKey("version"));
        Assert.Equal((200, "replicate/" + Llama), (heard.Status, heard.Json.GetProperty("model").GetString()));
    }

    [Fact]
    public async Task Case_06_a_name_with_dots_and_slashes_is_found_among_the_models()
    {
        await using var sim = await ReplicateSimulator.StartAsync();
        await using var gateway = await AGateway.With().Replicate(sim).StartAsync();

        var plain = await Heard.OfAsync(gateway.Client.GetAsync("/v1/models/replicate/black-forest-labs/flux-1.1-pro"));
        var escaped = await Heard.OfAsync(gateway.Client.GetAsync("/v1/models/replicate%2Fblack-forest-labs%2Fflux-1.1-pro"));

        Assert.Equal((200, 200), (plain.Status, escaped.Status));
        Assert.Equal("replicate/black-forest-labs/flux-1.1-pro", plain.Json.GetProperty("id").GetString());
        Assert.Equal(plain.Text, escaped.Text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    public async Task Case_07_the_base_works_with_and_without_version_and_slash(string written)
    {
        await using var sim = await ReplicateSimulator.StartAsync();
        var address = new Uri(sim.Address.AbsoluteUri.TrimEnd('/') + written);
        await using var gateway = await AGateway.With().Provider("replicate", "replicate", address).StartAsync();

        var heard = await ChatAsync(gateway, Llama);

        Assert.Equal(200, heard.Status);
        Assert.Single(sim.RequestsTo("POST", $"/v1/models/{Llama}/predictions"));
    }

    [Fact]
    public async Task Case_37_a_caller_who_leaves_a_responses_stream_cancels_its_prediction_within_a_second()
    {
        await using var sim = await ReplicateSimulator.StartAsync();
        sim.Script.Model(Llama).NeverFinishes().Streams(s => s.Output("Once").Stall());
        await using var gateway = await AGateway.With().Replicate(sim).StartAsync();
        using var leave = new CancellationTokenSource();
        using var body = new StringContent($$"""{"model":"replicate/{{Llama}}","stream":true,"input":"tell"}""");
        var call = gateway.Client.PostAsync("/v1/responses", body, leave.Token);
        await Eventually.IsTrueAsync(() => sim.OpenStreams == 1);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.IsTrueAsync(() => sim.Predictions.Single().Cancelled, TimeSpan.FromSeconds(1));
        await Eventually.IsTrueAsync(() => sim.OpenStreams == 0);
    }

    [Fact]
    public async Task Case_46_bytes_of_a_picture_come_as_base64_although_the_model_gives_an_address()
    {
        await using var sim = await ReplicateSimulator.StartAsync();
        await using var gateway = await AGateway.With().Replicate(sim).StartAsync();

        var heard = await Heard.OfAsync(
            gateway.PostAsync(
                "/v1/images/generations",
                """{"model":"replicate/black-forest-labs/flux-schnell","prompt":"a fox","response_format":"b64_json"}"""
            )
        );

        var bytes = heard.Json.GetProperty("data")[0].GetProperty("b64_json").GetBytesFromBase64();
        Assert.True(bytes.Length > 100);
        Assert.All(
            sim.Requests.Where(r => !r.Path.StartsWith("/v1/", StringComparison.Ordinal)),
            r => Assert.Null(r.Header("Authorization"))
        );
    }

    [Fact]
    public async Task Case_56_the_list_merges_seeds_configuration_and_upstream_and_stands_when_upstream_falls()
    {
        await using var sim = await ReplicateSimulator.StartAsync();
        var key = new Core.World.KeyConfig
        {
            Name = "main",
            Value = new Core.World.Secret("r8_listing"),
            Aliases = new Dictionary<string, string> { ["house-writer"] = Llama },
        };
        sim.Script.On("GET", "/v1/deployments").Answer(Problem.InternalError());
        await using var gateway = await AGateway.With().Replicate(sim, key).StartAsync();

        var heard = await Heard.OfAsync(gateway.Client.GetAsync("/v1/models"));

        var ids = heard.Json.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()).ToList();
        Assert.Equal(200, heard.Status);
        Assert.Contains("replicate/house-writer", ids);
        Assert.Contains("replicate/" + Llama, ids);
    }

    [Theory]
    [InlineData(401, 502, "upstream_authentication_error")]
    [InlineData(402, 503, "upstream_billing_error")]
    [InlineData(403, 403, "permission_denied")]
    [InlineData(500, 502, "upstream_error")]
    public async Task Case_57_what_upstream_refuses_is_told_in_openais_words(int upstream, int status, string code)
    {
        await using var sim = await ReplicateSimulator.StartAsync();
        sim.Script.On("POST", "/v1/models/*").Answer(Problem.Of(upstream, null, "It is so."));
        await using var gateway = await AGateway.With().Replicate(sim).StartAsync();

        var heard = await ChatAsync(gateway, Llama);

        Assert.Equal((status, code), (heard.Status, heard.ErrorCode));
        Assert.Single(sim.RequestsTo("POST", "/v1/models/"));
    }

    /// <summary>Prices belong to the price book. What it needs is proven here: tokens as metered. Pictures, seconds of hardware and runs that
    /// cost nothing are proven beside the reader of predictions.</summary>
    [Fact]
    public async Task Case_60_tokens_are_reported_as_metered_not_as_guessed()
    {
        await using var sim = await ReplicateSimulator.StartAsync();
        sim.Script.Model(Llama)
            .Output(new JsonArray("Hel", "lo"))
            .Metrics(
                new JsonObject
                {
                    ["input_token_count"] = 21,
                    ["output_token_count"] = 2,
                    ["predict_time"] = 0.5,
                }
            );
        await using var gateway = await AGateway.With().Replicate(sim).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Chat(Llama));
        var usage = JsonElement.Parse(await response.Content.ReadAsStringAsync()).GetProperty("usage");

        Assert.Equal((21, 2, 23), (Of("prompt_tokens"), Of("completion_tokens"), Of("total_tokens")));
        Assert.False(response.Headers.Contains("x-bf-usage-estimated"));
        int Of(string name) => usage.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Case_60_a_prediction_that_never_started_is_no_answer_and_reports_no_usage()
    {
        await using var sim = await ReplicateSimulator.StartAsync();
        sim.Script.Model(Llama).WithoutStream().Aborts();
        await using var gateway = await AGateway.With().Network(n => n with { MaxRetries = 0 }).Replicate(sim).StartAsync();

        var heard = await ChatAsync(gateway, Llama);

        Assert.Equal(504, heard.Status);
        Assert.False(heard.Json.TryGetProperty("usage", out _));
    }

    private static string Chat(string model) => $$"""{"model":"replicate/{{model}}","messages":[{"role":"user","content":"Say hello."}]}""";

    private static Task<Heard> ChatAsync(RunningGateway gateway, string model) =>
        Heard.OfAsync(gateway.PostAsync("/v1/chat/completions", Chat(model)));
}
