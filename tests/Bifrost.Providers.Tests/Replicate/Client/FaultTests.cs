using System.Net;
using System.Net.Sockets;
using Bifrost.Core.World;
using Bifrost.Simulator;
using Bifrost.Wire.Faults;
using static Bifrost.Providers.Tests.Replicate.Stage;

namespace Bifrost.Providers.Tests.Replicate.Client;

/// <summary>Conformance case 57: what a caller gets when Replicate says no, and whether another attempt is allowed.</summary>
public sealed class FaultTests
{
    public static TheoryData<string, Problem, int, FaultKind, bool> Refusals =>
        new()
        {
            { "401", Problem.Unauthenticated(), 502, FaultKind.UpstreamCredential, false },
            { "402", Problem.InsufficientCredit(), 503, FaultKind.UpstreamCredit, false },
            { "403", Problem.Forbidden(), 403, FaultKind.Forbidden, false },
            { "429", Problem.Throttled(7), 429, FaultKind.UpstreamRateLimited, true },
            { "429 low credit", Problem.LowCredit(7), 429, FaultKind.UpstreamRateLimited, true },
            { "500", Problem.InternalError(), 502, FaultKind.UpstreamError, false },
            { "503", Problem.Of(503, null, "Try later."), 503, FaultKind.UpstreamUnavailable, true },
            { "422", Problem.InvalidInput(new InvalidField("maximum", "input.top_p", "too much")), 400, FaultKind.InvalidRequest, false },
        };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Case_57_a_refused_create(string name, Problem problem, int status, FaultKind kind, bool mayRetry)
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.On("POST", "/v1/models/*").Answer(problem);

        var told = await stage.ChatAsync();

        Assert.NotNull(name);
        Assert.Equal(kind, told.Fault!.Kind);
        Assert.Equal(status, told.Fault.Status);
        Assert.Equal(mayRetry, told.Fault.Rule.MayRetry);
        Assert.Single(stage.Creates);
    }

    [Fact]
    public async Task Case_57_the_stated_wait_reaches_the_caller()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.On("POST", "/v1/models/*").Answer(Problem.Throttled(7));

        Assert.Equal(TimeSpan.FromSeconds(7), (await stage.ChatAsync()).Fault!.RetryAfter);
    }

    [Fact]
    public async Task Case_57_an_edge_that_answers_in_html_is_not_repeated()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.On("POST", "/v1/models/*").AnswerHtml(520);

        var told = await stage.ChatAsync();

        Assert.Equal(503, told.Fault!.Status);
        Assert.False(told.Fault.Rule.MayRetry);
        Assert.DoesNotContain("<html", told.Fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(401, FaultKind.InvalidCredential)]
    [InlineData(402, FaultKind.InsufficientCredit)]
    public async Task Case_57_trouble_with_the_callers_own_token_is_the_callers_to_know(int status, FaultKind kind)
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.On("POST", "/v1/models/*").Answer(status == 401 ? Problem.Unauthenticated() : Problem.InsufficientCredit());

        var told = await stage.ChatAsync(asking: new Asking { Key = KeyModel.Direct("r8_mine") });

        Assert.Equal(kind, told.Fault!.Kind);
        Assert.Equal(status, told.Fault.Status);
        Assert.Equal("Bearer r8_mine", Assert.Single(stage.Creates).Header("Authorization"));
    }

    [Fact]
    public async Task A_create_whose_answer_is_lost_is_not_reported_as_one_to_repeat()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.On("POST", "/v1/models/*").LoseAnswer();

        var told = await stage.ChatAsync();

        Assert.Equal(FaultKind.UpstreamError, told.Fault!.Kind);
        Assert.False(told.Fault.Rule.MayRetry);
        Assert.Single(stage.Creates);
    }

    [Fact]
    public async Task An_answer_that_is_no_prediction_is_an_invalid_answer()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.On("POST", "/v1/models/*").AnswerMalformedJson(201);

        Assert.Equal(FaultKind.UpstreamInvalid, (await stage.ChatAsync()).Fault!.Kind);
    }

    [Fact]
    public async Task A_host_that_refuses_the_connection_can_be_tried_again()
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        await using var stage = await OpenAsync(new StageOptions { BaseUrl = new Uri($"http://127.0.0.1:{port}/v1") });

        var told = await stage.ChatAsync();

        Assert.Equal(FaultKind.Unreachable, told.Fault!.Kind);
        Assert.True(told.Fault.Rule.MayRetry);
    }

    [Theory]
    [InlineData("NSFW content detected (E005)", 400, "content_policy_violation")]
    [InlineData("Prediction failed: service unavailable due to high demand (E003)", 503, "model_overloaded")]
    [InlineData("Traceback (most recent call last):\nValueError: boom", 502, null)]
    public async Task A_prediction_that_failed_is_told_by_its_error(string error, int status, string? code)
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Fails(error);

        var told = await stage.ChatAsync();

        Assert.Equal(status, told.Fault!.Status);
        if (code is not null)
        {
            Assert.Equal(code, told.Fault.Code ?? told.Fault.Rule.Code);
        }

        Assert.Empty(stage.CancelCalls);
    }

    [Fact]
    public async Task A_prediction_that_failed_has_used_what_it_ran()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.Model(Llama).Fails("boom").Metrics(new System.Text.Json.Nodes.JsonObject { ["predict_time"] = 2.5 });

        Assert.NotNull((await stage.ChatAsync()).Fault);
        Assert.Equal((2.5, 0), (stage.Last.Usage!.ComputeSeconds, stage.Last.Usage.TotalTokens));
    }

    [Fact]
    public async Task Pictures_that_failed_have_used_what_all_their_runs_ran()
    {
        await using var stage = await OpenAsync();
        var told = new System.Text.Json.Nodes.JsonObject { ["predict_time"] = 2.5 };
        stage.Sim.Script.Model("black-forest-labs/flux-1.1-pro").Times(1).RunTime(TimeSpan.FromSeconds(2)).Fails("boom").Metrics(told);
        stage.Sim.Script.Model("black-forest-labs/flux-1.1-pro").CreateAnswers(201).NeverFinishes();
        var body = new System.Text.Json.Nodes.JsonObject
        {
            ["model"] = "replicate/black-forest-labs/flux-1.1-pro",
            ["prompt"] = "a fox",
            ["n"] = 3,
        };

        Assert.NotNull((await stage.AskAsync(Bifrost.Core.Contracts.Operation.ImageGeneration, body)).Fault);

        // The other two were cancelled before they told how long they ran: as long as the one that did.
        Assert.Equal((7.5, true), (stage.Last.Usage!.ComputeSeconds, stage.Last.Usage.Estimated));
    }
}
