using System.ClientModel;
using Bifrost.Core.World;
using Bifrost.Testing;

namespace Bifrost.EndToEnd.Tests.Sdk;

public sealed class ModelsTests
{
    private static readonly string[] SeedsOfTheIssue =
    [
        "replicate/black-forest-labs/flux-schnell",
        "replicate/black-forest-labs/flux-dev",
        "replicate/stability-ai/sdxl",
        "replicate/meta/meta-llama-3-8b-instruct",
        "replicate/meta/meta-llama-3-70b-instruct",
        "replicate/openai/whisper",
        "replicate/yorickvp/llava-13b",
        "replicate/runwayml/gen4-turbo",
        "replicate/deepseek-ai/deepseek-r1",
    ];

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task The_list_has_seeds_and_the_accounts_deployments(string surface)
    {
        await using var stage = await Stage.StartAsync();

        var models = (await stage.Sdk(surface).GetOpenAIModelClient().GetModelsAsync()).Value;

        var ids = models.Select(model => model.Id).ToList();
        Assert.All(SeedsOfTheIssue, seed => Assert.Contains(seed, ids));
        Assert.Contains("replicate/deployments/acme/chat", ids);
        Assert.Contains("replicate/deployments/acme/img", ids);
        Assert.Equal("meta", models.Single(model => model.Id == "replicate/meta/meta-llama-3-8b-instruct").OwnedBy);
        Assert.Equal(ids.Distinct().Order(StringComparer.Ordinal), ids);
    }

    [Fact]
    public async Task The_list_has_what_a_key_is_configured_for_and_leaves_out_what_it_may_not_use()
    {
        var key = new KeyConfig
        {
            Name = "main",
            Value = new Secret("r8_main"),
            Models = ["acme/private-model", "meta/meta-llama-3-8b-instruct"],
            Aliases = new Dictionary<string, string> { ["my-llama"] = "meta/meta-llama-3-8b-instruct" },
        };
        await using var stage = await Stage.StartAsync(null, key);

        var models = (await stage.Sdk().GetOpenAIModelClient().GetModelsAsync()).Value;

        Assert.Equal(
            ["replicate/acme/private-model", "replicate/meta/meta-llama-3-8b-instruct", "replicate/my-llama"],
            models.Select(model => model.Id)
        );
    }

    [Theory]
    [InlineData("/v1", "replicate/meta/meta-llama-3-8b-instruct", "meta")]
    [InlineData("/openai", "replicate/black-forest-labs/flux-schnell", "black-forest-labs")]
    [InlineData("/openai/v1", "replicate/deployments/acme/chat", "acme")]
    public async Task A_model_is_found_by_an_id_with_slashes_escaped_or_not(string surface, string id, string owner)
    {
        await using var stage = await Stage.StartAsync();

        // The SDK escapes the slashes of the id; curl users do not.
        var model = (await stage.Sdk(surface).GetOpenAIModelClient().GetModelAsync(id)).Value;
        var bare = await stage.Gateway.Client.GetStringAsync($"{surface}/models/{id}");

        Assert.Equal((id, owner), (model.Id, model.OwnedBy));
        Assert.Contains($"\"{id}\"", bare, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upstream_is_asked_for_its_list_once()
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetOpenAIModelClient();

        for (var i = 0; i < 3; i++)
        {
            await client.GetModelsAsync();
            await client.GetModelAsync("replicate/openai/whisper");
        }

        Assert.Single(stage.Simulator.RequestsTo("GET", "/v1/deployments"));
    }

    [Fact]
    public async Task An_unknown_model_is_a_404()
    {
        await using var stage = await Stage.StartAsync();

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            stage.Sdk().GetOpenAIModelClient().GetModelAsync("no-such-model")
        );

        Assert.Equal(404, error.Status);
        Assert.Contains("no-such-model", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_of_several_providers_stand_in_one_list()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(
            """{"object":"list","data":[{"id":"gpt-4o","object":"model","created":1715367049,"owned_by":"system"}]}"""
        );
        await using var simulator = await Simulator.ReplicateSimulator.StartAsync();
        await using var gateway = await AGateway.With().OpenAI(upstream).Replicate(simulator).StartAsync();

        var models = (await Stage.Sdk(gateway, "/v1").GetOpenAIModelClient().GetModelsAsync()).Value.Select(model => model.Id).ToList();

        Assert.Contains("openai/gpt-4o", models);
        Assert.Contains("replicate/openai/whisper", models);
    }
}
