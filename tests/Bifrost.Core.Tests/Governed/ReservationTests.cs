using Bifrost.Core.Contracts;
using Bifrost.Testing;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Tests.Governed;

public sealed class ReservationTests
{
    private const string WithFallback = """{"model":"openai/gpt-4o","messages":[],"fallbacks":["other/gpt-4o"]}""";

    private static readonly Fault Broke = new(FaultKind.BudgetExceeded, "Budget exceeded for provider: $1.0000 of $1.0000 used.");

    [Fact]
    public async Task A_call_that_serves_is_settled_once_with_what_it_used()
    {
        var purse = new Purse();
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway.With().Reservations(purse).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask);

        await Eventually.IsTrueAsync(() => purse.Only.Settled == 1);
        Assert.Equal((0, 7), (purse.Only.Released, purse.Only.Usage!.TotalTokens));
    }

    [Fact]
    public async Task A_refused_call_never_goes_upstream()
    {
        var purse = new Purse { Refuse = (_, _) => Broke with { RetryAfter = TimeSpan.FromSeconds(90) } };
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway.With().Reservations(purse).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask);

        Assert.Equal((402, "budget_exceeded"), await Stage.RefusalOf(response));
        Assert.Equal("90", response.Headers.GetValues("Retry-After").Single());
        Assert.Empty(upstream.Seen);
        Assert.Empty(purse.All);
    }

    [Fact]
    public async Task Where_one_targets_limit_is_used_up_the_next_is_tried()
    {
        var purse = new Purse { Refuse = (_, target) => target.Provider.Id == "openai" ? Broke : null };
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var other = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway
            .With()
            .Reservations(purse)
            .OpenAI(upstream, Stage.Key("a"), Stage.Key("b"))
            .Provider("other", "openai", other.Address)
            .StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", WithFallback);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal((0, 1), (upstream.Seen.Count, other.Seen.Count));
        await Eventually.IsTrueAsync(() => purse.Only.Settled == 1);
    }

    [Fact]
    public async Task The_first_refusal_is_the_one_that_is_shown()
    {
        var purse = new Purse
        {
            Refuse = (_, target) => target.Provider.Id == "openai" ? Broke : new Fault(FaultKind.RequestLimited, "Too many."),
        };
        await using var upstream = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway
            .With()
            .Reservations(purse)
            .OpenAI(upstream)
            .Provider("other", "openai", upstream.Address)
            .StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", WithFallback);

        Assert.Equal((402, "budget_exceeded"), await Stage.RefusalOf(response));
    }

    [Fact]
    public async Task A_target_that_fails_releases_and_the_next_reserves_anew()
    {
        var purse = new Purse();
        await using var upstream = await FakeUpstream.AnsweringAsync("{}", 500);
        await using var other = await FakeUpstream.AnsweringAsync(Stage.Reply);
        await using var gateway = await AGateway
            .With()
            .Reservations(purse)
            .OpenAI(upstream)
            .Provider("other", "openai", other.Address)
            .StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", WithFallback);

        await Eventually.IsTrueAsync(() => purse.All.Count == 2 && purse.All[1].Settled == 1);
        Assert.Equal((1, 0), (purse.All[0].Released, purse.All[0].Settled));
        Assert.Equal((0, FaultKind.UpstreamError), (purse.All[1].Released, purse.All[0].Ended!.Kind));
    }

    [Fact]
    public async Task Retries_of_one_target_share_one_reservation()
    {
        var calls = 0;
        var purse = new Purse();
        await using var upstream = await FakeUpstream.StartAsync(http =>
            FakeUpstream.WriteAsync(http, Stage.Reply, ++calls < 3 ? 503 : 200)
        );
        await using var gateway = await AGateway.With().Reservations(purse).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask);

        Assert.Equal((200, 3), ((int)response.StatusCode, upstream.Seen.Count));
        await Eventually.IsTrueAsync(() => purse.Only.Settled == 1);
        Assert.Equal(0, purse.Only.Released);
    }

    [Fact]
    public async Task A_caller_who_leaves_a_stream_is_settled_once()
    {
        var purse = new Purse();
        await using var upstream = await Stage.StreamingAsync([.. Enumerable.Repeat(Stage.Piece("word "), 400)]);
        await using var gateway = await AGateway.With().Reservations(purse).OpenAI(upstream).StartAsync();

        var response = await gateway.PostAsync("/v1/chat/completions", Stage.Streaming);
        await using (var stream = await response.Content.ReadAsStreamAsync())
        {
            await stream.ReadExactlyAsync(new byte[200]);
        }

        response.Dispose();
        await Eventually.IsTrueAsync(() => purse.Only.Settled == 1);
        Assert.Equal((0, FaultKind.CallerLeft), (purse.Only.Released, purse.Only.Ended!.Kind));
        Assert.True(purse.Only.OutputBytes >= 5);
    }

    [Fact]
    public async Task A_caller_who_leaves_before_the_answer_releases_once()
    {
        var purse = new Purse();
        await using var upstream = await FakeUpstream.StartAsync(http => Task.Delay(TimeSpan.FromSeconds(20), http.RequestAborted));
        await using var gateway = await AGateway.With().Reservations(purse).OpenAI(upstream).StartAsync();
        using var leave = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            gateway.Client.PostAsync("/v1/chat/completions", new StringContent(Stage.Ask), leave.Token)
        );

        await Eventually.IsTrueAsync(() => purse.Only.Released + purse.Only.Settled == 1);
        Assert.Equal(FaultKind.CallerLeft, purse.Only.Ended!.Kind);
    }

    [Fact]
    public async Task A_stream_that_breaks_is_settled_once()
    {
        var purse = new Purse();
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes($"data: {Stage.Piece("four")}\n\n"));
            await http.Response.Body.FlushAsync();
            await Task.Delay(50);
            http.Abort();
        });
        await using var gateway = await AGateway.With().Reservations(purse).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Streaming);
        await response.Content.ReadAsStringAsync();

        await Eventually.IsTrueAsync(() => purse.Only.Settled == 1);
        Assert.Equal((0, 4L), (purse.Only.Released, purse.Only.OutputBytes));
    }

    [Fact]
    public async Task Limits_are_told_in_the_headers_that_openai_uses_and_the_providers_own_are_not()
    {
        var purse = new Purse { Make = () => new Held(requests: new RateLimitView(100, 99, TimeSpan.FromMinutes(6))) };
        await using var upstream = await FakeUpstream.StartAsync(http =>
        {
            http.Response.Headers["x-ratelimit-limit-requests"] = "5000";
            http.Response.Headers["x-ratelimit-remaining-tokens"] = "123456";
            return FakeUpstream.WriteAsync(http, Stage.Reply);
        });
        await using var gateway = await AGateway.With().Reservations(purse).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask);

        Assert.Equal("100", response.Headers.GetValues("x-ratelimit-limit-requests").Single());
        Assert.Equal("99", response.Headers.GetValues("x-ratelimit-remaining-requests").Single());
        Assert.Equal("6m0s", response.Headers.GetValues("x-ratelimit-reset-requests").Single());
        Assert.False(response.Headers.Contains("x-ratelimit-remaining-tokens"));
    }

    [Fact]
    public async Task A_refusal_by_a_rate_limit_tells_how_the_limit_stands()
    {
        var purse = new Purse
        {
            Refuse = (exchange, _) =>
            {
                exchange.RefusedBy = new RateLimitsView(null, new RateLimitView(1000, 0, TimeSpan.FromSeconds(1)));
                return new Fault(FaultKind.TokenLimited, "1000/1000 tokens.") { RetryAfter = TimeSpan.FromSeconds(1) };
            },
        };
        await using var gateway = await AGateway
            .With()
            .Reservations(purse)
            .Provider("openai", "openai", new Uri("http://127.0.0.1:9"))
            .StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Stage.Ask);

        Assert.Equal((429, "token_limited"), await Stage.RefusalOf(response));
        Assert.Equal("0", response.Headers.GetValues("x-ratelimit-remaining-tokens").Single());
        Assert.Equal("1s", response.Headers.GetValues("x-ratelimit-reset-tokens").Single());
    }
}
