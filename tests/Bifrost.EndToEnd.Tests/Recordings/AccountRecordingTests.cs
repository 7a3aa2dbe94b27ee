using System.Net.Http.Headers;
using System.Text;

namespace Bifrost.EndToEnd.Tests.Recordings;

/// <summary>Recorded calls that concern the account rather than a model.</summary>
public sealed class AccountRecordingTests
{
    private const string Id = "file-NGZiNmY2YzQtMThhZi00ZjcyLWFhZjktODg4NTY0NWNlMDEy";
    private const string Path = "/v1/files/NGZiNmY2YzQtMThhZi00ZjcyLWFhZjktODg4NTY0NWNlMDEy";

    [Fact]
    [Plays("file-operations")]
    public async Task A_file_is_uploaded_read_listed_and_deleted()
    {
        await using var replay = await Replay.OfAsync("file-operations");
        var client = replay.Gateway.Client;
        using var form = new MultipartFormDataContent
        {
            { new StringContent("user_data"), "purpose" },
            {
                new ByteArrayContent(Encoding.UTF8.GetBytes("x")) { Headers = { ContentType = new MediaTypeHeaderValue("text/plain") } },
                "file",
                "test_fileo20o3wth.txt"
            },
        };

        var uploaded = await Heard.OfAsync(client.PostAsync("/v1/files", form));
        var read = await Heard.OfAsync(client.GetAsync("/v1/files/" + Id));
        var listed = await Heard.OfAsync(client.GetAsync("/v1/files"));
        var deleted = await Heard.OfAsync(client.DeleteAsync("/v1/files/" + Id));
        var listedAgain = await Heard.OfAsync(client.GetAsync("/v1/files"));

        Assert.Equal((200, Id), (uploaded.Status, uploaded.Json.GetProperty("id").GetString()));
        Assert.Equal(uploaded.Text, read.Text);
        Assert.Equal("test_fileo20o3wth.txt", read.Json.GetProperty("filename").GetString());
        // 2024-08-22T12:26:51Z, and a day later.
        Assert.Equal(1724329611, read.Json.GetProperty("created_at").GetInt64());
        Assert.Equal(1724329611 + 86400, read.Json.GetProperty("expires_at").GetInt64());
        // Its metadata name no purpose: another client uploaded it.
        Assert.Equal("user_data", read.Json.GetProperty("purpose").GetString());
        Assert.Contains(Id, Ids(listed));
        Assert.Equal(3, Ids(listed).Count);
        Assert.True(deleted.Json.GetProperty("deleted").GetBoolean());
        Assert.DoesNotContain(Id, Ids(listedAgain));
        Assert.Equal((1, 1), (replay.Calls("GET", Path), replay.Calls("DELETE", Path)));
    }

    /// <summary>What a run costs comes from the gateway's own price book, since Replicate tells nobody what hardware a model runs on; so the
    /// list of hardware is not asked for.</summary>
    [Fact]
    [Plays("hardware-list")]
    public async Task Hardware_is_not_asked_for()
    {
        await using var replay = await Replay.OfAsync("hardware-list");

        var models = await Heard.OfAsync(replay.Gateway.Client.GetAsync("/v1/models"));

        Assert.Equal(200, models.Status);
        Assert.NotEmpty(models.Json.GetProperty("data").EnumerateArray());
        Assert.Equal(0, replay.Calls("GET", "/v1/hardware"));
        Assert.Contains("gpu-t4", replay.Exchanges[0].Json.EnumerateArray().Select(sku => sku.GetProperty("sku").GetString()));
    }

    private static List<string> Ids(Heard list) =>
        [.. list.Json.GetProperty("data").EnumerateArray().Select(file => file.GetProperty("id").GetString()!)];
}
