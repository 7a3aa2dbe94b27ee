using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace Bifrost.Simulator.Tests;

public sealed class TimeTests
{
    private const string Llama = "meta/meta-llama-3-8b-instruct";

    [Theory]
    [InlineData(true, "aborted")]
    [InlineData(false, "canceled")]
    public async Task The_deadline_aborts_what_never_started_and_cancels_what_runs(bool neverStarts, string expected)
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await ReplicateSimulator.StartAsync(new SimulatorOptions { Clock = clock });
        using var calls = new Calls(simulator);
        var rule = simulator.Script.Model(Llama);
        _ = neverStarts ? rule.NeverStarts() : rule.NeverFinishes();
        var created = await calls.LlamaAsync("x", ("Cancel-After", "1m30s"));

        clock.Advance(TimeSpan.FromSeconds(89));
        var before = await calls.GetJsonAsync("/predictions/" + created["id"]);
        clock.Advance(TimeSpan.FromSeconds(1));
        var after = await calls.GetJsonAsync("/predictions/" + created["id"]);

        Assert.Equal(neverStarts ? "starting" : "processing", before["status"]!.ToString());
        Assert.Equal(expected, after["status"]!.ToString());
        Assert.NotNull(after["deadline"]);
    }

    [Theory]
    [InlineData("4s")]
    [InlineData("soon")]
    [InlineData("5 m")]
    public async Task A_deadline_below_five_seconds_or_unreadable_is_refused(string cancelAfter)
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        using var response = await calls.PostAsync(
            $"/models/{Llama}/predictions",
            """{"input":{"prompt":"x"}}""",
            ("Cancel-After", cancelAfter)
        );

        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
    }

    [Fact]
    public async Task Data_goes_after_an_hour()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await ReplicateSimulator.StartAsync(new SimulatorOptions { Clock = clock });
        using var calls = new Calls(simulator);
        var created = await calls.LlamaAsync("x");

        clock.Advance(TimeSpan.FromMinutes(61));
        var later = await calls.GetJsonAsync("/predictions/" + created["id"]);

        Assert.True(later["data_removed"]!.GetValue<bool>());
        Assert.Null(later["output"]);
    }

    [Fact]
    public async Task At_the_demos_pace_a_prediction_starts_then_processes_then_ends()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await ReplicateSimulator.StartAsync(new SimulatorOptions { Clock = clock, Speed = 1 });
        using var calls = new Calls(simulator);
        var created = await calls.PostJsonAsync("/models/google/veo-3/predictions", """{"input":{"prompt":"x"}}""");
        var statuses = new List<string>();

        for (var i = 0; i < 40 && !statuses.Contains("succeeded"); i++)
        {
            statuses.Add((await calls.GetJsonAsync("/predictions/" + created["id"]))["status"]!.ToString());
            clock.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Delay(10);
        }

        Assert.Equal(["starting", "processing", "succeeded"], statuses.Distinct());
    }

    [Fact]
    public async Task Real_limits_throttle_the_six_hundred_and_first_create()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await ReplicateSimulator.StartAsync(new SimulatorOptions { Clock = clock, RealisticRateLimits = true });
        using var calls = new Calls(simulator);

        var throttled = 0;
        for (var i = 0; i < 601; i++)
        {
            using var response = await calls.PostAsync("/predictions", "{}");
            throttled += response.StatusCode == HttpStatusCode.TooManyRequests ? 1 : 0;
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        using var later = await calls.PostAsync("/predictions", "{}");
        Assert.Equal(1, throttled);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, later.StatusCode);
    }
}
