using System.ClientModel;
using System.Text;
using System.Text.Json;
using Bifrost.Core.World;
using OpenAI.Files;

namespace Bifrost.EndToEnd.Tests.Sdk;

public sealed class FilesTests
{
    private static readonly byte[] Notes = Encoding.UTF8.GetBytes("Räksmörgås\n");

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task A_file_is_uploaded_found_listed_read_and_deleted(string surface)
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk(surface).GetOpenAIFileClient();

        var made = (await client.UploadFileAsync(new MemoryStream(Notes), "notes.txt", FileUploadPurpose.UserData)).Value;
        var found = (await client.GetFileAsync(made.Id)).Value;
        var listed = (await client.GetFilesAsync()).Value;
        var content = (await client.DownloadFileAsync(made.Id)).Value;
        var deleted = (await client.DeleteFileAsync(made.Id)).Value;
        var gone = await Assert.ThrowsAsync<ClientResultException>(() => client.GetFileAsync(made.Id));

        Assert.StartsWith("file-", made.Id, StringComparison.Ordinal);
        Assert.Equal(("notes.txt", (long)Notes.Length, FilePurpose.UserData), (made.Filename, made.SizeInBytesLong, made.Purpose));
        Assert.InRange(made.CreatedAt, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddMinutes(1));
        Assert.Equal(
            (made.Id, made.Filename, made.SizeInBytesLong, made.Purpose),
            (found.Id, found.Filename, found.SizeInBytesLong, found.Purpose)
        );
        Assert.Equal(made.Id, Assert.Single(listed).Id);
        Assert.Equal(Notes, content.ToArray());
        Assert.Equal((made.Id, true), (deleted.FileId, deleted.Deleted));
        Assert.Equal(404, gone.Status);
        var upstreamId = made.Id["file-".Length..];
        Assert.Equal(
            ["POST /v1/files", $"GET /v1/files/{upstreamId}", "GET /v1/files", $"DELETE /v1/files/{upstreamId}"],
            stage
                .Simulator.Requests.Select(request => $"{request.Method} {Uri.UnescapeDataString(request.PathOnly)}")
                .Where(line => !line.EndsWith("/download", StringComparison.Ordinal))
                .Distinct()
        );
        Assert.All(
            stage.Simulator.Requests.Where(request => !request.PathOnly.EndsWith("/download", StringComparison.Ordinal)),
            request => Assert.Equal("Bearer r8_main", request.Header("Authorization"))
        );
    }

    [Fact]
    public async Task A_download_is_signed_and_shows_no_token()
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetOpenAIFileClient();
        var made = (await client.UploadFileAsync(new MemoryStream(Notes), "notes.txt", FileUploadPurpose.UserData)).Value;

        await client.DownloadFileAsync(made.Id);

        var download = Assert.Single(stage.Simulator.Requests, request => request.PathOnly.EndsWith("/download", StringComparison.Ordinal));
        Assert.Contains("owner=simulated&expiry=", download.Path, StringComparison.Ordinal);
        Assert.Null(download.Header("Authorization"));
    }

    [Fact]
    public async Task Content_has_the_files_own_type_name_and_length()
    {
        await using var stage = await Stage.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new StringContent("user_data"), "purpose" },
            {
                new ByteArrayContent(Notes) { Headers = { ContentType = new("text/markdown") } },
                "file",
                "notes.md"
            },
        };
        var body = BinaryContent.Create(BinaryData.FromBytes(await form.ReadAsByteArrayAsync()));
        var made = Stage.JsonOf(await stage.Sdk().GetOpenAIFileClient().UploadFileAsync(body, form.Headers.ContentType!.ToString()));

        using var response = await stage.Gateway.Client.GetAsync($"/v1/files/{made.GetProperty("id").GetString()}/content");

        var headers = response.Content.Headers;
        Assert.Equal(("text/markdown", Notes.Length), (headers.ContentType!.MediaType, headers.ContentLength));
        Assert.Equal("notes.md", headers.ContentDisposition!.FileNameStar);
        Assert.Equal(Notes, await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_key_without_a_signing_secret_says_what_is_missing()
    {
        await using var stage = await Stage.StartAsync(null, new KeyConfig { Name = "main", Value = new Secret("r8_main") });
        var client = stage.Sdk().GetOpenAIFileClient();
        var made = (await client.UploadFileAsync(new MemoryStream(Notes), "notes.txt", FileUploadPurpose.UserData)).Value;

        using var response = await stage.Gateway.Client.GetAsync($"/v1/files/{made.Id}/content");

        Assert.Equal(501, (int)response.StatusCode);
        Assert.Contains("files_signing_secret", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("desc")]
    [InlineData("asc")]
    public async Task A_list_is_walked_page_by_page_through_its_cursor(string order)
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetOpenAIFileClient();
        var ids = await UploadAsync(client, 5, FileUploadPurpose.UserData);
        var expected = order == "asc" ? ids : [.. Enumerable.Reverse(ids)];

        var pages = new List<JsonElement>();
        string? after = null;
        do
        {
            pages.Add(Stage.JsonOf(await client.GetFilesAsync(null, 2, order, after, null)));
            // Whether a client goes on with our cursor or, as OpenAI's do, with the last id.
            after =
                pages.Count == 1 && pages[0].TryGetProperty("after", out var cursor)
                    ? cursor.GetString()
                    : pages[^1].GetProperty("last_id").GetString();
        } while (pages[^1].GetProperty("has_more").GetBoolean());

        Assert.Equal(expected, pages.SelectMany(IdsOf));
        Assert.Equal([2, 2, 1], pages.Select(page => IdsOf(page).Count()));
        Assert.Equal((expected[0], expected[1]), (First(pages[0]), pages[0].GetProperty("last_id").GetString()));
    }

    [Fact]
    public async Task A_list_is_narrowed_by_purpose()
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetOpenAIFileClient();
        var batch = await UploadAsync(client, 1, FileUploadPurpose.Batch);
        await UploadAsync(client, 2, FileUploadPurpose.UserData);

        var listed = (await client.GetFilesAsync(FilePurpose.Batch)).Value;

        Assert.Equal(batch, listed.Select(file => file.Id));
    }

    [Fact]
    public async Task A_cursor_that_was_tampered_with_is_a_400()
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetOpenAIFileClient();
        await UploadAsync(client, 3, FileUploadPurpose.UserData);
        var cursor = Stage.JsonOf(await client.GetFilesAsync(null, 1, null, null, null)).GetProperty("after").GetString()!;

        foreach (var bad in new[] { ResponsesTests.Tampered(cursor), "filepage_made_up", "file-unknown" })
        {
            var error = await Assert.ThrowsAsync<ClientResultException>(() => client.GetFilesAsync(null, 1, null, bad, null));
            Assert.Equal(400, error.Status);
        }
    }

    [Fact]
    public async Task Made_up_ids_are_404s_for_get_content_and_delete()
    {
        await using var stage = await Stage.StartAsync();
        var client = stage.Sdk().GetOpenAIFileClient();

        foreach (var id in new[] { "file-unknown", "unknown", "file-has space", "video_abc" })
        {
            var get = await Assert.ThrowsAsync<ClientResultException>(() => client.GetFileAsync(id));
            var content = await Assert.ThrowsAsync<ClientResultException>(() => client.DownloadFileAsync(id));
            var delete = await Assert.ThrowsAsync<ClientResultException>(() => client.DeleteFileAsync(id));
            Assert.Equal((404, 404, 404), (get.Status, content.Status, delete.Status));
        }
    }

    [Fact]
    public async Task An_uploaded_file_can_be_the_picture_of_an_edit()
    {
        await using var stage = await Stage.StartAsync();
        var made = (
            await stage
                .Sdk()
                .GetOpenAIFileClient()
                .UploadFileAsync(new MemoryStream(Pictures.Png(1, 1, 1, 2, 3, 255)), "dot.png", FileUploadPurpose.Vision)
        ).Value;

        await stage
            .Sdk()
            .GetImageClient("unused")
            .GenerateImageEditsAsync(
                Stage.Json($$"""{"model":"replicate/google/nano-banana","prompt":"Make it rain","images":[{"file_id":"{{made.Id}}"}]}"""),
                "application/json"
            );

        Assert.Equal(
            $"{stage.Simulator.BaseUrl}/files/{made.Id["file-".Length..]}",
            Uri.UnescapeDataString((string)stage.Input["image_input"]![0]!)
        );
    }

    private static async Task<List<string>> UploadAsync(OpenAIFileClient client, int count, FileUploadPurpose purpose)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            ids.Add((await client.UploadFileAsync(new MemoryStream(Notes), $"{i}.txt", purpose)).Value.Id);
        }

        return ids;
    }

    private static IEnumerable<string> IdsOf(JsonElement page) =>
        page.GetProperty("data").EnumerateArray().Select(file => file.GetProperty("id").GetString()!);

    private static string? First(JsonElement page) => page.GetProperty("first_id").GetString();
}
