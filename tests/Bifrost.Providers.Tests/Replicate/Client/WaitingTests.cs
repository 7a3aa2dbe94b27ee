using System.Text.Json.Nodes;
using Bifrost.Providers.Replicate;
using Bifrost.Simulator;
using Bifrost.Testing;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;
using static Bifrost.Providers.Tests.Replicate.Stage;

namespace Bifrost.Providers.Tests.Replicate.Client;

/// <summary>Conformance cases 8 to 15: from creation to the end of a prediction that is not streamed.</summary>
public sealed class WaitingTests
{
    private const string Plain = "acme/plain";

    [Fact]
    public async Task Case_8_output_without_metrics_is_asked_after_once()
    {
        await using var stage = await OpenPlainAsync(new StageOptions { PatienceSeconds = 90 });
        stage
            .Sim.Script.Model(Plain)
            .CreateShowsOutput()
            .Output("Hello")
            .Metrics(
                new JsonObject
                {
                    ["input_token_count"] = 7,
                    ["output_token_count"] = 2.0,
                    ["predict_time"] = 0.5,
                }
            );

        var told = await stage.ChatAsync(Chat(model: Plain));

        Assert.Equal("Hello", told.Content);
        Assert.Equal(7, told.Reply!["usage"]!["prompt_tokens"]!.GetValue<int>());
        Assert.Equal(2, told.Reply["usage"]!["completion_tokens"]!.GetValue<int>());
        Assert.Single(stage.Polls);
        Assert.Equal("wait=60", Assert.Single(stage.Creates).Header("Prefer"));
    }

    [Fact]
    public async Task Case_9_a_202_is_asked_after_until_it_succeeded()
    {
        await using var stage = await OpenPlainAsync();
        stage.Sim.Script.Model(Plain).CreateAnswers(202).Steps("starting", "processing", "succeeded").Output("Hello");

        Assert.Equal("Hello", (await stage.ChatAsync(Chat(model: Plain))).Content);
        Assert.Equal(3, stage.Polls.Count);
    }

    [Fact]
    public async Task Case_10_a_create_that_was_not_finished_in_time_is_never_an_empty_answer()
    {
        await using var stage = await OpenPlainAsync();
        stage.Sim.Script.Model(Plain).CreateAnswers(201).Steps("starting", "succeeded").Output("Hello");

        Assert.Equal("Hello", (await stage.ChatAsync(Chat(model: Plain))).Content);
    }

    [Fact]
    public async Task Case_11_a_poll_that_fails_does_not_fail_the_job()
    {
        await using var stage = await OpenPlainAsync();
        stage.Sim.Script.Model(Plain).CreateAnswers(201).Steps("succeeded").Output("Hello");
        stage.Sim.Script.On("GET", "/v1/predictions/*").Times(1).AnswerHtml(502);
        stage.Sim.Script.On("GET", "/v1/predictions/*").Times(1).Reset();
        stage.Sim.Script.On("GET", "/v1/predictions/*").Times(1).AnswerMalformedJson();

        Assert.Equal("Hello", (await stage.ChatAsync(Chat(model: Plain))).Content);
        Assert.Equal(4, stage.Polls.Count);
    }

    [Fact]
    public async Task Case_12_a_poll_that_is_told_to_wait_waits()
    {
        await using var stage = await OpenPlainAsync();
        stage.Sim.Script.Model(Plain).CreateAnswers(201).Steps("succeeded").Output("Hello");
        stage.Sim.Script.On("GET", "/v1/predictions/*").Times(1).Answer(Problem.Throttled(1));

        Assert.Equal("Hello", (await stage.ChatAsync(Chat(model: Plain))).Content);
        Assert.Equal(2, stage.Polls.Count);
        Assert.True(stage.Polls[1].At - stage.Polls[0].At >= TimeSpan.FromSeconds(0.99));
    }

    [Fact]
    public async Task Case_13_an_aborted_prediction_is_over_and_worth_one_more_try()
    {
        await using var stage = await OpenPlainAsync();
        stage.Sim.Script.Model(Plain).CreateAnswers(201).Aborts();

        var told = await stage.ChatAsync(Chat(model: Plain));

        Assert.Equal(504, told.Fault!.Status);
        Assert.Equal(stage.Polls.Count, stage.Polls.Select(poll => poll.Path).Distinct().Count());
        Assert.Equal(2, stage.Creates.Count);
        Assert.Empty(stage.CancelCalls);
    }

    [Fact]
    public async Task Case_14_nine_fractional_digits_are_a_time()
    {
        await using var stage = await OpenPlainAsync();
        stage.Sim.Script.Model(Plain).NanoTimestamps().Output("Hello");

        var told = await stage.ChatAsync(Chat(model: Plain));

        Assert.Equal("Hello", told.Content);
        Assert.True(Math.Abs(told.Reply!["created"]!.GetValue<long>() - DateTimeOffset.UtcNow.ToUnixTimeSeconds()) < 60);
    }

    [Fact]
    public async Task Case_15_a_prediction_that_takes_too_long_is_cancelled_once()
    {
        await using var stage = await OpenPlainAsync(new StageOptions { PatienceSeconds = 1, Pace = 0.05 });
        stage.Sim.Script.Model(Plain).CreateAnswers(201).NeverFinishes();

        var told = await stage.ChatAsync(Chat(model: Plain));

        Assert.Equal(504, told.Fault!.Status);
        Assert.Contains(stage.Sim.Predictions.Single().Id, told.Fault.Message, StringComparison.Ordinal);
        await Eventually.IsTrueAsync(() => stage.CancelCalls.Count == 1);
        await Task.Delay(100);
        Assert.Single(stage.CancelCalls);
        Assert.Equal("5s", Assert.Single(stage.Creates).Header("Cancel-After"));
    }

    [Fact]
    public async Task Case_15_every_create_carries_the_rest_of_the_budget()
    {
        await using var stage = await OpenAsync(new StageOptions { PatienceSeconds = 90 });

        await stage.ChatAsync();

        var seconds = int.Parse(Assert.Single(stage.Creates).Header("Cancel-After")!.TrimEnd('s'), null);
        Assert.InRange(seconds, 85, 90);
    }

    [Fact]
    public async Task Polling_that_keeps_failing_is_given_up_and_the_prediction_cancelled()
    {
        await using var stage = await OpenPlainAsync(new StageOptions { FailedPolls = 3 });
        stage.Sim.Script.Model(Plain).CreateAnswers(201).NeverFinishes();
        stage.Sim.Script.On("GET", "/v1/predictions/*").Answer(Problem.InternalError());

        var told = await stage.ChatAsync(Chat(model: Plain));

        Assert.NotNull(told.Fault);
        Assert.Equal(4, stage.Polls.Count);
        await Eventually.IsTrueAsync(() => stage.CancelCalls.Count == 1);
    }

    [Fact]
    public async Task A_caller_who_leaves_during_creation_leaves_nothing_running()
    {
        await using var stage = await OpenPlainAsync();
        stage.Sim.Script.Model(Plain).CreateAnswers(201).NeverFinishes();
        stage.Sim.Script.On("POST", "/v1/models/*").Delay(TimeSpan.FromMilliseconds(300));
        using var leaving = new CancellationTokenSource();

        var asking = stage.ChatAsync(Chat(model: Plain), new Asking { Cancel = leaving.Token });
        await Eventually.IsTrueAsync(() => stage.Creates.Count == 1);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Eventually.IsTrueAsync(() => stage.CancelCalls.Count == 1, TimeSpan.FromSeconds(1.5));
    }

    [Fact]
    public async Task A_cancellation_that_fails_is_tried_again()
    {
        await using var stage = await OpenPlainAsync();
        stage.Sim.Script.Model(Plain).CreateAnswers(201).NeverFinishes();
        stage.Sim.Script.On("POST", "/v1/predictions/*/cancel").Times(2).Answer(Problem.InternalError());
        using var leaving = new CancellationTokenSource();

        var asking = stage.ChatAsync(Chat(model: Plain), new Asking { Cancel = leaving.Token });
        await Eventually.IsTrueAsync(() => stage.Polls.Count > 0);
        await leaving.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await stage.Provider.DisposeAsync();
        Assert.Equal(3, stage.CancelCalls.Count);
        Assert.Equal("canceled", stage.Sim.Predictions.Single().Status);
    }

    [Fact]
    public async Task A_webhook_ends_the_waiting_before_the_next_poll()
    {
        await using var stage = await OpenAsync(new StageOptions { Pace = 1000 });
        var runtime = stage.Runtime;
        var client = runtime.ClientOf(stage.Model, stage.Key);
        using var running = new RunningPrediction(client, new Prediction { Id = "abc", Status = PredictionStatus.Processing });

        var waiting = PredictionWait.UntilDoneAsync(running, blocking: false, TimeSpan.FromMinutes(1), default);
        Assert.False(runtime.Waiters.Complete("abc", new Prediction { Id = "abc", Status = PredictionStatus.Processing }));
        Assert.True(runtime.Waiters.Complete("abc", new Prediction { Id = "abc", Status = PredictionStatus.Succeeded }));

        Assert.Equal(PredictionStatus.Succeeded, (await waiting).Value!.Status);
        Assert.Equal(0, runtime.Waiters.Count);
        Assert.Empty(stage.Sim.Requests);
    }

    private static async Task<Stage> OpenPlainAsync(StageOptions? options = null)
    {
        var stage = await OpenAsync(options);
        stage.Sim.Models.Add(
            SimulatorModel.From(
                Plain,
                """{"type":"object","required":["prompt"],"properties":{"prompt":{"type":"string"}}}""",
                """{"type":"string"}"""
            )
        );
        return stage;
    }
}
