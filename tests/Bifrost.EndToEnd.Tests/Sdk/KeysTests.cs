using System.ClientModel;
using Bifrost.Core.World;
using Bifrost.Simulator;
using OpenAI.Chat;
using OpenAI.Files;

namespace Bifrost.EndToEnd.Tests.Sdk;

/// <summary>Two accounts behind one gateway: what one made, the other does not have.</summary>
public sealed class KeysTests
{
    private static readonly SimulatorOptions TwoAccounts = new()
    {
        Accounts = new Dictionary<string, string> { ["r8_alpha"] = "alpha", ["r8_beta"] = "beta" },
        Token = "r8_nobody",
    };

    private static readonly KeyConfig[] Both = [Stage.Key("alpha", "r8_alpha", "alpha"), Stage.Key("beta", "r8_beta", "beta")];

    [Theory]
    [InlineData("alpha")]
    [InlineData("beta")]
    public async Task A_video_is_asked_after_with_the_key_that_made_it(string maker)
    {
        await using var stage = await Stage.StartAsync(TwoAccounts, Both);
        var client = stage.Sdk().GetVideoClient();
        var made = await VideoTests.OrderAsync(client, Stage.With("x-bf-api-key", maker));
        var id = made.GetProperty("id").GetString()!;
        await Testing.Eventually.IsTrueAsync(() => stage.Simulator.Predictions.Single().IsTerminal);

        // Often enough that a key drawn by weight would go wrong.
        for (var i = 0; i < 8; i++)
        {
            Assert.Equal("completed", Stage.JsonOf(await client.GetVideoAsync(id)).GetProperty("status").GetString());
        }

        await client.DownloadVideoAsync(id);
        await client.DeleteVideoAsync(id);

        var prediction = stage.Simulator.Predictions.Single();
        Assert.Equal(maker, prediction.Account);
        Assert.All(
            stage.Simulator.RequestsTo("GET", "/v1/predictions/"),
            request => Assert.Equal("Bearer r8_" + maker, request.Header("Authorization"))
        );
    }

    [Fact]
    public async Task A_video_whose_key_is_gone_and_one_whose_id_was_tampered_with_are_404s()
    {
        await using var stage = await Stage.StartAsync(TwoAccounts, Both);
        await using var other = await Stage.StartAsync(TwoAccounts, Both[1]);
        var client = stage.Sdk().GetVideoClient();
        var id = (await VideoTests.OrderAsync(client, Stage.With("x-bf-api-key", "alpha"))).GetProperty("id").GetString()!;

        var elsewhere = await Assert.ThrowsAsync<ClientResultException>(() => other.Sdk().GetVideoClient().GetVideoAsync(id));
        Assert.Equal(404, elsewhere.Status);
        Assert.Empty(other.Simulator.RequestsTo("GET", "/v1/predictions"));
        foreach (var bad in new[] { ResponsesTests.Tampered(id), id[..^4], "video_made_up", stage.Simulator.Predictions.Single().Id })
        {
            var get = await Assert.ThrowsAsync<ClientResultException>(() => client.GetVideoAsync(bad));
            var content = await Assert.ThrowsAsync<ClientResultException>(() => client.DownloadVideoAsync(bad));
            var delete = await Assert.ThrowsAsync<ClientResultException>(() => client.DeleteVideoAsync(bad));
            Assert.Equal((404, 404, 404), (get.Status, content.Status, delete.Status));
        }
    }

    [Fact]
    public async Task A_response_is_asked_after_with_the_key_that_made_it()
    {
        await using var stage = await Stage.StartAsync(TwoAccounts, Both);
        var client = stage.Sdk().GetResponsesClient();
        var ids = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            ids.Add((await client.CreateResponseAsync("replicate/meta/meta-llama-3-8b-instruct", $"Hello {i}")).Value.Id);
        }

        for (var i = 0; i < ids.Count; i++)
        {
            Assert.Contains($"Hello {i}", (await client.GetResponseAsync(ids[i])).Value.GetOutputText(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Videos_of_all_keys_are_listed_and_those_of_a_direct_key_apart()
    {
        await using var stage = await Stage.StartAsync(TwoAccounts, Both);
        var client = stage.Sdk().GetVideoClient();
        await VideoTests.OrderAsync(client, Stage.With("x-bf-api-key", "alpha"));
        await VideoTests.OrderAsync(client, Stage.With("x-bf-api-key", "beta"));

        var all = Stage.JsonOf(await client.GetVideosAsync().GetRawPagesAsync().FirstAsync());
        var own = Stage.JsonOf(await stage.Sdk(key: "r8_beta").GetVideoClient().GetVideosAsync().GetRawPagesAsync().FirstAsync());

        Assert.Equal(2, all.GetProperty("data").GetArrayLength());
        Assert.Equal(1, own.GetProperty("data").GetArrayLength());
    }

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task The_sdks_own_replicate_key_is_used_instead_of_the_gateways(string surface)
    {
        await using var stage = await Stage.StartAsync();
        var sdk = stage.Sdk(surface, "r8_" + new string('d', 37));

        await sdk.GetChatClient("replicate/meta/meta-llama-3-8b-instruct").CompleteChatAsync(new UserChatMessage("Hello"));
        var video = await VideoTests.OrderAsync(sdk.GetVideoClient());
        await sdk.GetVideoClient().GetVideoAsync(video.GetProperty("id").GetString()!);
        await sdk.GetOpenAIFileClient().UploadFileAsync(new MemoryStream([1, 2, 3]), "a.bin", FileUploadPurpose.UserData);
        var response = (await sdk.GetResponsesClient().CreateResponseAsync("replicate/meta/meta-llama-3-8b-instruct", "Hello")).Value;
        await sdk.GetResponsesClient().GetResponseAsync(response.Id);

        // Streams have addresses that are secrets themselves.
        Assert.All(
            stage.Simulator.Requests.Where(request => request.Path.StartsWith("/v1/", StringComparison.Ordinal)),
            request => Assert.Equal("Bearer r8_" + new string('d', 37), request.Header("Authorization"))
        );
        Assert.DoesNotContain(new string('d', 37), stage.Gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_of_a_direct_key_is_there_for_that_key_alone()
    {
        await using var stage = await Stage.StartAsync();
        var mine = stage.Sdk(key: "r8_mine").GetVideoClient();
        var id = (await VideoTests.OrderAsync(mine)).GetProperty("id").GetString()!;

        await mine.GetVideoAsync(id);
        var others = await Assert.ThrowsAsync<ClientResultException>(() => stage.Sdk(key: "r8_other").GetVideoClient().GetVideoAsync(id));
        var nobodys = await Assert.ThrowsAsync<ClientResultException>(() => stage.Sdk().GetVideoClient().GetVideoAsync(id));

        Assert.Equal((404, 404), (others.Status, nobodys.Status));
    }

    [Fact]
    public async Task A_direct_key_that_replicate_does_not_know_is_the_callers_401()
    {
        await using var stage = await Stage.StartAsync(TwoAccounts, Both);

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            stage
                .Sdk(key: "r8_unknown")
                .GetChatClient("replicate/meta/meta-llama-3-8b-instruct")
                .CompleteChatAsync(new UserChatMessage("Hello"))
        );

        Assert.Equal(401, error.Status);
    }
}
