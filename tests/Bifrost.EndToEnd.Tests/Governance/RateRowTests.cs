using System.Globalization;
using System.Text.Json.Nodes;
using Bifrost.Testing;
using Bifrost.Testing.Governed;
using Bifrost.Testing.Stores;
using Microsoft.Extensions.Time.Testing;

namespace Bifrost.EndToEnd.Tests.Governance;

/// <summary>Requests and tokens in windows of time. Every answer has used thirty tokens.</summary>
public sealed class RateRowTests
{
    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_15_a_request_limit_opens_again_with_its_window(DatabaseKind store)
    {
        var clock = new FakeTimeProvider(Scene.Noon);
        await using var scene = await Scene.StartAsync(store, clock);
        var key = await scene.KeyAsync(
            """
            "rate_limit": {"request_max_limit": 1, "request_reset_duration": "10s"}
            """
        );

        await scene.ServedAsync(key);
        var refused = await scene.RefusedAsync(key, "request_limited");
        var wait = int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture);
        clock.Advance(TimeSpan.FromSeconds(wait));

        Assert.InRange(wait, 1, 10);
        await scene.ServedAsync(key);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_16_calls_at_once_are_served_and_counted_to_the_last_token(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            """
            "rate_limit": {"token_max_limit": 10000000, "token_reset_duration": "1h", "request_max_limit": 10000, "request_reset_duration": "1h"}
            """
        );

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => scene.Gateway.AskAsync(key.Value)));

        Assert.All(answers, answer => answer.MustBe(200));
        await Eventually.IsTrueAsync(async () => (long)(await RateAsync(scene, key))["token_current_usage"]! == 40 * 30);
        Assert.Equal(40, (long)(await RateAsync(scene, key))["request_current_usage"]!);
        Assert.Equal(0, (long)(await RateAsync(scene, key))["concurrent_current_usage"]!);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_25_a_token_limit_refuses_only_once_its_tokens_are_used(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            """
            "rate_limit": {"token_max_limit": 61, "token_reset_duration": "1h"}
            """
        );

        await scene.ServedAsync(key, times: 3);
        var refused = await scene.RefusedAsync(key, "token_limited");

        Assert.Equal(429, refused.Status);
        Assert.Contains("90 tokens used of 61", refused.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_26_a_request_limit_refuses_only_once_its_requests_are_used(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            """
            "rate_limit": {"request_max_limit": 3, "request_reset_duration": "1h"}
            """
        );

        await scene.ServedAsync(key, times: 3);
        var refused = await scene.RefusedAsync(key, "request_limited");

        Assert.Contains("3 requests used of 3", refused.Message, StringComparison.Ordinal);
        await scene.RefusedAsync(key, "request_limited");
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_27_a_providers_share_of_a_key_has_token_and_request_limits(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            """
            "provider_configs": [
              {"provider": "openai", "rate_limit": {"token_max_limit": 30, "token_reset_duration": "1h"} },
              {"provider": "other", "rate_limit": {"request_max_limit": 2, "request_reset_duration": "1h"} }]
            """
        );

        await scene.ServedAsync(key, "openai/penny");
        await scene.RefusedAsync(key, "token_limited", "openai/penny");
        await scene.ServedAsync(key, "other/penny", times: 2);
        await scene.RefusedAsync(key, "request_limited", "other/penny");
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_28_a_providers_lower_limit_is_met_before_the_keys(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            """
            "rate_limit": {"request_max_limit": 10, "request_reset_duration": "1h"},
            "provider_configs": [{"provider": "openai", "rate_limit": {"request_max_limit": 2, "request_reset_duration": "1h"} }]
            """
        );

        await scene.ServedAsync(key, times: 2);
        var refused = await scene.RefusedAsync(key, "request_limited");

        Assert.Contains("openai", refused.Message, StringComparison.Ordinal);
        Assert.Contains("2 requests used of 2", refused.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_29_two_providers_are_counted_apart(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            """
            "provider_configs": [
              {"provider": "openai", "rate_limit": {"request_max_limit": 1, "request_reset_duration": "1h"} },
              {"provider": "other", "rate_limit": {"request_max_limit": 2, "request_reset_duration": "1h"} }]
            """
        );

        await scene.ServedAsync(key, "openai/penny");
        await scene.RefusedAsync(key, "request_limited", "openai/penny");
        await scene.ServedAsync(key, "other/penny");

        var shares = (await scene.StandingAsync(key))["provider_configs"]!.AsArray();
        Assert.Equal([1, 1], shares.Select(s => (long)s!["rate_limit"]!["request_current_usage"]!));
        await scene.ServedAsync(key, "other/penny");
        await scene.RefusedAsync(key, "request_limited", "other/penny");
    }

    [Theory]
    [InlineData(DatabaseKind.Sqlite, 100_000, 2, "request_limited")]
    [InlineData(DatabaseKind.Sqlite, 60, 100, "token_limited")]
    [InlineData(DatabaseKind.Sqlite, 60, 2, "rate_limited")]
    [InlineData(DatabaseKind.Postgres, 100_000, 2, "request_limited")]
    [InlineData(DatabaseKind.Postgres, 60, 100, "token_limited")]
    [InlineData(DatabaseKind.Postgres, 60, 2, "rate_limited")]
    public async Task Row_30_of_tokens_and_requests_whichever_ends_first_refuses(DatabaseKind store, int tokens, int requests, string type)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            $$"""
            "rate_limit": {"token_max_limit": {{tokens}}, "token_reset_duration": "1h", "request_max_limit": {{requests}}, "request_reset_duration": "1h"}
            """
        );

        await scene.ServedAsync(key, times: 2);

        Assert.Equal(429, (await scene.RefusedAsync(key, type)).Status);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_31_a_rate_limit_that_is_edited_keeps_its_id_window_and_count(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        const string Limit =
            """{"token_max_limit": 1000, "token_reset_duration": "1h", "request_max_limit": 1, "request_reset_duration": "1h"}""";
        var key = await scene.KeyAsync(
            $$"""
            "rate_limit": {{Limit}}, "provider_configs": [{"provider": "openai", "rate_limit": {{Limit}} }]
            """
        );
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "request_limited");
        var before = await scene.StandingAsync(key);

        await scene.Api.ChangeAsync(
            "virtual-keys",
            key.Id,
            """
            {"rate_limit": {"token_max_limit": 2000, "request_max_limit": 2},
            "provider_configs": [{"provider": "openai", "rate_limit": {"token_max_limit": 2000, "request_max_limit": 2} }]}
            """
        );
        var after = await scene.Api.ReadAsync("virtual-keys", key.Id, fromMemory: true);

        Kept(before["rate_limit"]!, after["rate_limit"]!);
        Kept(before["provider_configs"]![0]!["rate_limit"]!, after["provider_configs"]![0]!["rate_limit"]!);
        await scene.ServedAsync(key);
        await scene.RefusedAsync(key, "request_limited");

        static void Kept(JsonNode before, JsonNode after)
        {
            Assert.Equal((2000, 2), ((long)after["token_max_limit"]!, (long)after["request_max_limit"]!));
            Assert.Equal((30, 1), ((long)after["token_current_usage"]!, (long)after["request_current_usage"]!));
            foreach (
                var same in (string[])["id", "token_reset_duration", "request_reset_duration", "token_last_reset", "request_last_reset"]
            )
            {
                Assert.Equal((string)before[same]!, (string)after[same]!);
            }
        }
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_35_a_call_is_counted_by_what_its_answer_says(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            """
            "rate_limit": {"token_max_limit": 5000, "token_reset_duration": "1h", "request_max_limit": 50, "request_reset_duration": "1h"}
            """
        );

        var answer = await scene.Gateway.AskAsync(key.Value);
        var rate = await RateAsync(scene, key);

        Assert.Equal(MeteredUpstream.InputTokens + MeteredUpstream.OutputTokens, (long)answer.Json["usage"]!["total_tokens"]!);
        Assert.Equal((30, 1), ((long)rate["token_current_usage"]!, (long)rate["request_current_usage"]!));
        Assert.Equal((5000, 50), ((long)rate["token_max_limit"]!, (long)rate["request_max_limit"]!));
    }

    private static async Task<JsonNode> RateAsync(Scene scene, AKey key) => (await scene.StandingAsync(key))["rate_limit"]!;
}
