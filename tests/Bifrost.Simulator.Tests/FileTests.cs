using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator.Tests;

public sealed class FileTests
{
    [Fact]
    public async Task An_upload_keeps_name_type_and_metadata()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        using var response = await UploadAsync(calls, "hello"u8.ToArray());
        var file = await Calls.JsonAsync(response);
        var again = await calls.GetJsonAsync("/files/" + file["id"]);
        var list = await calls.GetJsonAsync("/files");

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(
            ("note.txt", "text/plain", 5),
            (file["name"]!.ToString(), file["content_type"]!.ToString(), file["size"]!.GetValue<int>())
        );
        Assert.Equal("batch", file["metadata"]!["purpose"]!.ToString());
        Assert.Equal("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", file["checksums"]!["sha256"]!.ToString());
        Assert.Equal($"{simulator.BaseUrl}/files/{file["id"]}", again["urls"]!["get"]!.ToString());
        Assert.Single(list["results"]!.AsArray());
    }

    [Fact]
    public async Task A_deleted_file_is_gone()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        using var upload = await UploadAsync(calls, "hello"u8.ToArray());
        var id = (await Calls.JsonAsync(upload))["id"]!.ToString();

        using var deleted = await calls.Http.DeleteAsync(new Uri($"{simulator.BaseUrl}/files/{id}"));
        using var after = await calls.GetAsync("/files/" + id);

        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
    }

    [Fact]
    public async Task A_file_that_is_too_large_is_413()
    {
        await using var simulator = await ReplicateSimulator.StartAsync(new SimulatorOptions { MaxFileBytes = 4 });
        using var calls = new Calls(simulator);

        using var response = await UploadAsync(calls, "hello"u8.ToArray());

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("100MB", (await Calls.JsonAsync(response))["detail"]!.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60, true, HttpStatusCode.OK)]
    [InlineData(-60, true, HttpStatusCode.NotFound)]
    [InlineData(60, false, HttpStatusCode.NotFound)]
    public async Task A_download_needs_a_fresh_signature_instead_of_a_token(int seconds, bool rightSecret, HttpStatusCode expected)
    {
        var options = new SimulatorOptions { AccountName = "acme", FilesSigningSecret = "s3" };
        await using var simulator = await ReplicateSimulator.StartAsync(options);
        using var calls = new Calls(simulator);
        using var stranger = new Calls(simulator, token: null);
        using var upload = await UploadAsync(calls, "hello"u8.ToArray());
        var id = (await Calls.JsonAsync(upload))["id"]!.ToString();
        var expiry = DateTimeOffset.UtcNow.AddSeconds(seconds).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(rightSecret ? "s3" : "s4"), Encoding.UTF8.GetBytes($"acme {id} {expiry}"))
        );

        using var response = await stranger.GetAsync(
            $"/files/{id}/download?owner=acme&expiry={expiry}&signature={Uri.EscapeDataString(signature)}"
        );

        Assert.Equal(expected, response.StatusCode);
        if (expected == HttpStatusCode.OK)
        {
            Assert.Equal("hello", await response.Content.ReadAsStringAsync());
        }
    }

    private static async Task<HttpResponseMessage> UploadAsync(Calls calls, byte[] bytes)
    {
        using var form = new MultipartFormDataContent();
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = new MediaTypeHeaderValue("text/plain");
        form.Add(content, "content", "note.txt");
        form.Add(new StringContent(new JsonObject { ["purpose"] = "batch" }.ToJsonString(), Encoding.UTF8, "application/json"), "metadata");
        return await calls.Http.PostAsync(new Uri(calls.Simulator.BaseUrl + "/files"), form);
    }
}
