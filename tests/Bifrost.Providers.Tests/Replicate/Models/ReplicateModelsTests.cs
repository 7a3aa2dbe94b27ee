using Bifrost.Simulator;
using static Bifrost.Providers.Tests.Replicate.Stage;

namespace Bifrost.Providers.Tests.Replicate.Models;

public sealed class ReplicateModelsTests
{
    [Fact]
    public async Task The_accounts_deployments_are_listed()
    {
        await using var stage = await OpenAsync();

        var listed = await stage.Provider.Models.ListAsync(stage.Model, stage.Key, default);

        Assert.Contains(listed.Value!, entry => entry.Id == "deployments/acme/chat" && entry.OwnedBy == "acme");
    }

    [Fact]
    public async Task A_cursor_is_followed_on_our_own_base_only()
    {
        await using var stage = await OpenAsync();
        await using var foreign = await ReplicateSimulator.StartAsync();
        stage
            .Sim.Script.On("GET", "/v1/deployments")
            .When(call => call.Path.Contains("cursor", StringComparison.Ordinal))
            .AnswerJson(200, """{"next":null,"results":[]}""");
        stage.Sim.Script.On("GET", "/v1/deployments").EditJson(page => page["next"] = foreign.BaseUrl + "/deployments?cursor=abc%3D%3D");

        var listed = await stage.Provider.Models.ListAsync(stage.Model, stage.Key, default);

        Assert.Null(listed.Fault);
        Assert.Equal(2, stage.Sim.RequestsTo("GET", "/v1/deployments").Count);
        Assert.EndsWith("?cursor=abc%3D%3D", stage.Sim.RequestsTo("GET", "/v1/deployments")[1].Path, StringComparison.Ordinal);
        Assert.Empty(foreign.Requests);
    }

    [Fact]
    public async Task Case_56_an_upstream_that_fails_leaves_the_seeds_standing()
    {
        await using var stage = await OpenAsync();
        stage.Sim.Script.On("GET", "/v1/deployments").Answer(Problem.InternalError());

        Assert.NotNull((await stage.Provider.Models.ListAsync(stage.Model, stage.Key, default)).Fault);
        Assert.Contains(stage.Provider.Models.Seeds, entry => entry.Id == Llama);
    }

    [Theory]
    [InlineData("meta/meta-llama-3-8b-instruct", true)]
    [InlineData("stability-ai/sdxl", true)]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", true)]
    [InlineData("gpt-4o", false)]
    [InlineData("somebody/unknown", false)]
    [InlineData("deployments/acme/chat", false)]
    public async Task Bare_names_of_seeds_and_versions_are_known(string model, bool known)
    {
        await using var stage = await OpenAsync();

        Assert.Equal(known, stage.Provider.Knows(model));
    }
}
