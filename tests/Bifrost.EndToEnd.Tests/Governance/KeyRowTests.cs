using System.Diagnostics;
using Bifrost.Testing.Stores;

namespace Bifrost.EndToEnd.Tests.Governance;

/// <summary>Keys switched off and on, shown in any header, and led to providers by weight.</summary>
public sealed class KeyRowTests
{
    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_14_a_key_that_is_switched_off_is_refused_at_once_and_served_once_it_is_on(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync();
        await scene.ServedAsync(key);

        await scene.Api.ChangeAsync("virtual-keys", key.Id, """{"is_active": false}""");
        var since = Stopwatch.GetTimestamp();
        var refused = await scene.RefusedAsync(key, "virtual_key_blocked");

        Assert.True(Stopwatch.GetElapsedTime(since) < TimeSpan.FromMilliseconds(500), "It took too long to say no.");
        Assert.Equal(403, refused.Status);
        Assert.Contains("inactive", refused.Message, StringComparison.Ordinal);
        await scene.Api.ChangeAsync("virtual-keys", key.Id, """{"is_active": true}""");
        await scene.ServedAsync(key);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_22_a_bare_model_goes_by_weight(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            """
            "provider_configs": [{"provider": "openai", "weight": 99}, {"provider": "other", "weight": 1}]
            """
        );

        var shown = await scene.Api.ReadAsync("virtual-keys", key.Id, fromMemory: true);
        await scene.ServedAsync(key, "penny", times: 50);

        Assert.Equal(["openai", "other"], shown["provider_configs"]!.AsArray().Select(c => (string)c!["provider"]!));
        // Ten of the light one in fifty happen once in 10^10 runs.
        Assert.InRange(scene.OpenAI.Seen.Count, 41, 50);
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_23_a_heavy_provider_without_the_model_is_passed_over(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync(
            """
            "provider_configs": [{"provider": "openai", "weight": 99, "allowed_models": ["metered"]}, {"provider": "other", "weight": 1}]
            """
        );

        await scene.ServedAsync(key, "penny", times: 5);

        Assert.Equal((0, 5), (scene.OpenAI.Seen.Count, scene.Other.Seen.Count));
    }

    [Theory, InlineData(DatabaseKind.Sqlite), InlineData(DatabaseKind.Postgres)]
    public async Task Row_24_a_key_is_known_in_each_of_the_published_headers(DatabaseKind store)
    {
        await using var scene = await Scene.StartAsync(store);
        var key = await scene.KeyAsync();
        foreach (
            var (name, value) in new[]
            {
                ("x-bf-vk", key.Value),
                ("Authorization", $"Bearer {key.Value}"),
                ("x-api-key", key.Value),
                ("x-goog-api-key", key.Value),
            }
        )
        {
            (await scene.Gateway.AskAsync(null, headers: (name, value))).MustBe(200);
        }

        // Azure's header is not asked.
        Assert.Equal(401, (await scene.Gateway.AskAsync(null, headers: ("api-key", key.Value))).Status);
        Assert.All(scene.OpenAI.Seen, seen => Assert.Equal("Bearer sk-upstream-openai", seen.Headers["Authorization"]));
        Assert.All(
            scene.OpenAI.Seen,
            seen => Assert.DoesNotContain(seen.Headers.Values, v => v.Contains(key.Value, StringComparison.Ordinal))
        );
    }
}
