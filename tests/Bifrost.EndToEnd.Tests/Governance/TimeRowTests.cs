using Bifrost.Testing.Stores;
using Microsoft.Extensions.Time.Testing;

namespace Bifrost.EndToEnd.Tests.Governance;

/// <summary>Periods that end, with traffic and without, and where the clocks change.</summary>
public sealed class TimeRowTests
{
    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_17_a_new_period_begins_with_nothing_spent(DatabaseKind store)
    {
        var clock = new FakeTimeProvider(Scene.Noon);
        await using var scene = await Scene.StartAsync(store, clock);
        var key = await scene.KeyAsync(
            """
            "budget": {"max_limit": 0.02, "reset_duration": "15s"}
            """
        );
        await scene.ServedAsync(key, times: 2);
        await scene.RefusedAsync(key, "budget_exceeded");
        var before = (await scene.StandingAsync(key))["budget"]!;

        clock.Advance(TimeSpan.FromSeconds(15));
        await scene.ServedAsync(key);
        var after = (await scene.StandingAsync(key))["budget"]!;

        Assert.NotEqual((string)before["last_reset"]!, (string)after["last_reset"]!);
        Assert.Equal((string)before["next_reset"]!, (string)after["last_reset"]!);
        Assert.Equal((0.02m, 0.01m), ((decimal)before["current_usage"]!, (decimal)after["current_usage"]!));
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_18_budget_and_rate_are_reset_on_time_without_traffic(DatabaseKind store)
    {
        var clock = new FakeTimeProvider(Scene.Noon);
        await using var scene = await Scene.StartAsync(store, clock);
        var key = await scene.KeyAsync(
            """
            "budget": {"max_limit": 1, "reset_duration": "30s"},
            "rate_limit": {"token_max_limit": 500, "token_reset_duration": "30s", "request_max_limit": 5, "request_reset_duration": "30s"}
            """
        );
        await scene.ServedAsync(key);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal((0.01m, 30, 1), await UsedAsync());

        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((0m, 0, 0), await UsedAsync());

        async Task<(decimal, long, long)> UsedAsync()
        {
            var now = await scene.StandingAsync(key);
            return (
                (decimal)now["budget"]!["current_usage"]!,
                (long)now["rate_limit"]!["token_current_usage"]!,
                (long)now["rate_limit"]!["request_current_usage"]!
            );
        }
    }

    // In Berlin the clocks go from 2:00 to 3:00 on 29 March 2026: that day is 23 hours long.
    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task A_day_that_loses_an_hour_ends_at_midnight_where_its_owner_lives(DatabaseKind store)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 3, 29, 0, 30, 0, TimeSpan.Zero));
        await using var scene = await Scene.StartAsync(store, clock);
        var key = await scene.KeyAsync(
            """
            "budget": {"max_limit": 0.01, "reset_duration": "1d", "calendar_aligned": true, "time_zone": "Europe/Berlin"}
            """
        );
        await scene.ServedAsync(key);

        clock.SetUtcNow(new DateTimeOffset(2026, 3, 29, 21, 59, 59, TimeSpan.Zero));
        await scene.RefusedAsync(key, "budget_exceeded");
        clock.SetUtcNow(new DateTimeOffset(2026, 3, 29, 22, 0, 0, TimeSpan.Zero));
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");
        clock.SetUtcNow(new DateTimeOffset(2026, 3, 30, 22, 0, 0, TimeSpan.Zero));
        await scene.ServedAsync(key);
    }

    // On 25 October 2026 they go from 3:00 back to 2:00: that day is 25 hours long.
    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task A_day_that_gains_an_hour_ends_at_midnight_without_traffic_and_across_a_restart(DatabaseKind store)
    {
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 10, 24, 22, 30, 0, TimeSpan.Zero));
        await using var scene = await Scene.StartAsync(store, clock);
        var key = await scene.KeyAsync(
            """
            "budget": {"max_limit": 0.01, "reset_duration": "1d", "calendar_aligned": true, "time_zone": "Europe/Berlin"}
            """
        );
        await scene.ServedAsync(key);

        // A day of 24 hours would be over.
        clock.SetUtcNow(new DateTimeOffset(2026, 10, 25, 22, 30, 0, TimeSpan.Zero));
        await scene.RefusedAsync(key, "budget_exceeded");
        await scene.Gateway.RestartAsync();
        clock.SetUtcNow(new DateTimeOffset(2026, 10, 25, 22, 59, 59, TimeSpan.Zero));
        await scene.RefusedAsync(key, "budget_exceeded");
        Assert.Equal(0.01m, await SpentAsync());

        clock.SetUtcNow(new DateTimeOffset(2026, 10, 25, 23, 0, 0, TimeSpan.Zero));
        Assert.Equal(0m, await SpentAsync());
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "budget_exceeded");

        async Task<decimal> SpentAsync() => (decimal)(await scene.StandingAsync(key))["budget"]!["current_usage"]!;
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task A_period_that_ends_while_the_gateway_is_stopped_is_over_when_it_starts(DatabaseKind store)
    {
        var clock = new FakeTimeProvider(Scene.Noon);
        await using var scene = await Scene.StartAsync(store, clock);
        var ending = await scene.KeyAsync($"\"budget\": {Scene.Cent}");
        var running = await scene.KeyAsync(
            """
            "budget": {"max_limit": 0.01, "reset_duration": "1d"}
            """
        );
        await scene.ServedAsync(ending);
        await scene.ServedAsync(running);

        clock.Advance(TimeSpan.FromHours(1));
        await scene.Gateway.RestartAsync();

        await scene.ServedAsync(ending);
        await scene.RefusedAsync(running, "budget_exceeded");
    }
}
