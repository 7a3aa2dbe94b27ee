using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace Bifrost.Simulator.Tests;

public sealed class ScriptTests
{
    private const string Llama = "meta/meta-llama-3-8b-instruct";

    [Fact]
    public async Task A_rule_answers_as_often_as_it_was_told_and_then_steps_aside()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        var rule = simulator.Script.On("POST", "/v1/models/*/predictions").Times(2).Answer(Problem.Throttled(2));

        var statuses = new List<int>();
        for (var i = 0; i < 3; i++)
        {
            using var response = await calls.PostAsync($"/models/{Llama}/predictions", """{"input":{"prompt":"x"}}""");
            statuses.Add((int)response.StatusCode);
        }

        Assert.Equal([429, 429, 201], statuses);
        Assert.Equal(2, rule.Hits);
        Assert.Single(simulator.Predictions);
    }

    [Fact]
    public async Task A_throttled_answer_says_how_long_to_wait_in_its_body()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.On("GET", "/v1/predictions").Answer(Problem.Throttled(30));

        var problem = await calls.GetJsonAsync("/predictions");

        Assert.Equal("Request was throttled. Your rate limit resets in ~30s.", problem["detail"]!.ToString());
        Assert.Equal(30, problem["retry_after"]!.GetValue<int>());
        Assert.Equal(429, problem["status"]!.GetValue<int>());
    }

    [Fact]
    public async Task Rules_apply_in_the_order_they_were_added()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.On("GET", "/v1/account").Times(1).AnswerHtml(520);
        _ = simulator.Script.On("*", "/v1/account").Times(1).AnswerMalformedJson();

        using var first = await calls.GetAsync("/account");
        using var second = await calls.GetAsync("/account");
        using var third = await calls.GetAsync("/account");

        Assert.Equal((520, "text/html"), ((int)first.StatusCode, first.Content.Headers.ContentType!.MediaType));
        await Assert.ThrowsAnyAsync<JsonException>(() => Calls.JsonAsync(second));
        Assert.Equal("simulated", (await Calls.JsonAsync(third))["username"]!.ToString());
    }

    [Fact]
    public async Task A_rule_may_look_at_the_model_and_the_body()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        var version = simulator.Models.Find("stability-ai/sdxl")!.VersionId;
        _ = simulator
            .Script.On("POST", "/v1/predictions")
            .ForModel("stability-ai/sdxl")
            .When(request => request.Input()!["prompt"]!.ToString() == "bad")
            .Answer(Problem.InternalError());

        using var bad = await calls.PostAsync("/predictions", $$$"""{"version":"{{{version}}}","input":{"prompt":"bad"}}""");
        using var good = await calls.PostAsync("/predictions", $$$"""{"version":"{{{version}}}","input":{"prompt":"good"}}""");

        Assert.Equal(HttpStatusCode.InternalServerError, bad.StatusCode);
        Assert.Equal(HttpStatusCode.Created, good.StatusCode);
    }

    [Fact]
    public async Task A_connection_cut_before_headers_loses_the_request_unhandled()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.On("POST", "/v1/models/*").Times(1).CutBeforeHeaders();
        _ = simulator.Script.On("POST", "/v1/models/*").Times(1).Reset();

        await Assert.ThrowsAsync<HttpRequestException>(() => calls.LlamaAsync());
        await Assert.ThrowsAsync<HttpRequestException>(() => calls.LlamaAsync());

        Assert.Equal(2, simulator.Requests.Count);
        Assert.Empty(simulator.Predictions);
    }

    [Fact]
    public async Task A_lost_answer_leaves_a_prediction_behind()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.On("POST", "/v1/models/*").LoseAnswer();

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => calls.LlamaAsync());

        Assert.Single(simulator.Predictions);
    }

    [Fact]
    public async Task A_body_can_be_cut_or_truncated()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.On("GET", "/v1/account").Times(1).CutMidBody(10);
        _ = simulator.Script.On("GET", "/v1/account").Times(1).TruncateBody(10);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => calls.GetJsonAsync("/account"));
        using var truncated = await calls.GetAsync("/account");

        Assert.Equal("{\"type\":\"o", await truncated.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_real_answer_can_be_edited_and_delayed()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await ReplicateSimulator.StartAsync(new SimulatorOptions { Clock = clock });
        using var calls = new Calls(simulator);
        _ = simulator.Script.On("GET", "/v1/account").Delay(TimeSpan.FromMinutes(1)).EditJson(body => body["username"] = "edited");

        var answer = calls.GetJsonAsync("/account");
        while (simulator.Requests.Count == 0)
        {
            await Task.Delay(5);
        }

        await Task.Delay(50);
        Assert.False(answer.IsCompleted);
        while (!answer.IsCompleted)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            await Task.Delay(5);
        }

        Assert.Equal("edited", (await answer)["username"]!.ToString());
    }

    [Fact]
    public async Task Steps_are_taken_one_by_one_with_each_get()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model("google/veo-3").Steps("starting", new PredictionStep("processing") { Logs = " 42%|" }, "succeeded");
        var created = await calls.PostJsonAsync("/models/google/veo-3/predictions", """{"input":{"prompt":"x"}}""");

        var seen = new List<JsonObject>();
        for (var i = 0; i < 4; i++)
        {
            seen.Add(await calls.GetJsonAsync("/predictions/" + created["id"]));
        }

        Assert.Equal(["starting", "processing", "succeeded", "succeeded"], seen.Select(at => at["status"]!.ToString()));
        Assert.Equal(" 42%|", seen[1]["logs"]!.ToString());
        Assert.EndsWith(".mp4", seen[3]["output"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("failed")]
    [InlineData("canceled")]
    [InlineData("aborted")]
    public async Task A_prediction_ends_as_the_script_says(string status)
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        var rule = simulator.Script.Model(Llama);
        _ = status switch
        {
            "failed" => rule.Fails("Prediction failed: flagged as sensitive (E005)"),
            "canceled" => rule.Cancels(),
            _ => rule.Aborts(),
        };

        var ended = await calls.LlamaAsync("x", ("Prefer", "wait"));

        Assert.Equal(status, ended["status"]!.ToString());
        Assert.Equal(status == "failed" ? "Prediction failed: flagged as sensitive (E005)" : null, ended["error"]?.ToString());
        Assert.Equal(status == "aborted", ended["started_at"] is null);
    }

    [Fact]
    public async Task A_create_can_show_all_output_before_it_has_settled()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model(Llama).CreateShowsOutput();

        var created = await calls.LlamaAsync();
        var settled = await calls.GetJsonAsync("/predictions/" + created["id"]);

        Assert.Equal("processing", created["status"]!.ToString());
        Assert.Null(created["metrics"]);
        Assert.Equal(settled["output"]!.ToJsonString(), created["output"]!.ToJsonString());
        Assert.Equal("succeeded", settled["status"]!.ToString());
        Assert.NotNull(settled["metrics"]);
    }

    [Fact]
    public async Task Output_metrics_logs_and_urls_can_be_overridden()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator
            .Script.Model(Llama)
            .Output(new JsonObject { ["text"] = "odd" })
            .NoMetrics()
            .Logs("Input token count: 3")
            .StreamAt("https://stream.example.test/x")
            .NanoTimestamps()
            .CreateAnswers(202);

        using var response = await calls.PostAsync($"/models/{Llama}/predictions", """{"input":{"prompt":"x"}}""", ("Prefer", "wait"));
        var created = await Calls.JsonAsync(response);
        var ended = await calls.GetJsonAsync("/predictions/" + created["id"]);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("https://stream.example.test/x", created["urls"]!["stream"]!.ToString());
        Assert.Matches(@"\.\d{9}Z$", created["created_at"]!.ToString());
        Assert.Equal("odd", ended["output"]!["text"]!.ToString());
        Assert.Null(ended["metrics"]);
        Assert.Equal("Input token count: 3", ended["logs"]!.ToString());
    }

    [Fact]
    public async Task Removed_data_leaves_a_bare_record()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.Model(Llama).DataRemoved();

        var ended = await calls.LlamaAsync("x", ("Prefer", "wait"));

        Assert.True(ended["data_removed"]!.GetValue<bool>());
        Assert.Equal("succeeded", ended["status"]!.ToString());
        Assert.Null(ended["output"]);
    }

    [Fact]
    public async Task Disposing_does_not_wait_for_callers_that_hang()
    {
        var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        _ = simulator.Script.On("GET", "/v1/account").Stall();
        _ = simulator.Script.Model(Llama).Streams(s => s.Output("a").Stall());
        var stalled = calls.GetAsync("/account");
        var stream = calls.StreamAsync(await calls.LlamaAsync());
        while (simulator.OpenStreams == 0 || simulator.Requests.Count < 3)
        {
            await Task.Delay(5);
        }

        await simulator.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stalled);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => stream);
    }
}
