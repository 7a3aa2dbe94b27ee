using System.Net;
using System.Text.Json.Nodes;
using Bifrost.Simulator;

namespace Bifrost.Providers.Tests.Replicate.Files;

public sealed class FileTests
{
    private const string Signing = """{"account":"simulated","files_signing_secret":"simulated-files-signing-secret"}""";

    [Fact]
    public async Task Case_54_a_file_is_uploaded_with_its_parts_and_keeps_its_purpose()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await UploadAsync(studio, "notes.txt", "batch");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith("file-", (string?)answer.Json["id"]);
        Assert.Equal("file", (string?)answer.Json["object"]);
        Assert.Equal("notes.txt", (string?)answer.Json["filename"]);
        Assert.Equal("batch", (string?)answer.Json["purpose"]);
        Assert.Equal(5, (int)answer.Json["bytes"]!);
        Assert.True((long)answer.Json["expires_at"]! > (long)answer.Json["created_at"]!);
        var sent = Assert.Single(studio.Simulator.RequestsTo("POST", "/v1/files")).Text;
        Assert.Contains(
            "name=\"content\"; filename=\"notes.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n",
            sent,
            StringComparison.Ordinal
        );
        Assert.Contains("name=\"filename\"\r\n\r\nnotes.txt\r\n", sent, StringComparison.Ordinal);
        Assert.Contains("name=\"type\"\r\n\r\ntext/plain\r\n", sent, StringComparison.Ordinal);
        Assert.Contains(
            "name=\"metadata\"\r\nContent-Type: application/json\r\n\r\n{\"purpose\":\"batch\"}\r\n",
            sent,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Case_54_purpose_round_trips()
    {
        await using var studio = await Studio.OpenAsync();
        var id = (string)(await UploadAsync(studio, "notes.txt", "assistants")).Json["id"]!;

        var answer = await studio.GetAsync($"/v1/files/{id}");

        Assert.Equal("assistants", (string?)answer.Json["purpose"]);
        Assert.Equal(id, (string?)answer.Json["id"]);
    }

    [Fact]
    public async Task Case_54_a_file_that_is_too_large_for_replicate_is_413()
    {
        await using var studio = await Studio.OpenAsync(new SimulatorOptions { MaxFileBytes = 4 });

        var answer = await UploadAsync(studio, "notes.txt", "batch");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    [Fact]
    public async Task Case_54_a_deleted_file_is_gone()
    {
        await using var studio = await Studio.OpenAsync();
        var id = (string)(await UploadAsync(studio, "notes.txt", "batch")).Json["id"]!;

        var deleted = await studio.DeleteAsync($"/v1/files/{id}");
        var after = await studio.GetAsync($"/v1/files/{id}");

        Assert.True((bool)deleted.Json["deleted"]!);
        Assert.Equal(HttpStatusCode.NotFound, after.Status);
    }

    [Fact]
    public async Task Case_54_a_tampered_cursor_is_refused_without_a_call()
    {
        await using var studio = await Studio.OpenAsync();
        await UploadManyAsync(studio, 3);
        var cursor = (string)(await studio.GetAsync("/v1/files?limit=2")).Json["after"]!;
        var calls = studio.Simulator.Requests.Count;

        foreach (var at in new[] { 10, cursor.Length / 2, cursor.Length - 2 })
        {
            var bent = cursor[..at] + (cursor[at] == 'A' ? 'B' : 'A') + cursor[(at + 1)..];
            Assert.Equal(HttpStatusCode.BadRequest, (await studio.GetAsync($"/v1/files?after={bent}")).Status);
        }

        Assert.Equal(calls, studio.Simulator.Requests.Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_walk_by_cursor_or_by_last_id_sees_every_file_once(bool byId)
    {
        await using var studio = await Studio.OpenAsync();
        var made = await UploadManyAsync(studio, 130);
        var seen = new List<string>();
        string? after = null;
        for (var page = 0; page < 10; page++)
        {
            var answer = await studio.GetAsync($"/v1/files?limit=47{(after is null ? "" : $"&after={after}")}");
            seen.AddRange(answer.Json["data"]!.AsArray().Select(file => (string)file!["id"]!));
            if (!(bool)answer.Json["has_more"]!)
            {
                break;
            }

            after = (string)answer.Json[byId ? "last_id" : "after"]!;
        }

        made.Reverse();
        Assert.Equal(made, seen);
    }

    [Fact]
    public async Task A_walk_goes_on_when_its_last_file_was_deleted()
    {
        await using var studio = await Studio.OpenAsync();
        var made = await UploadManyAsync(studio, 5);
        var first = await studio.GetAsync("/v1/files?limit=2");
        await studio.DeleteAsync($"/v1/files/{made[3]}");

        var second = await studio.GetAsync($"/v1/files?limit=2&after={first.Json["after"]}");

        Assert.Equal([made[2], made[1]], second.Json["data"]!.AsArray().Select(file => (string)file!["id"]!));
    }

    [Fact]
    public async Task Files_are_listed_oldest_first_on_request()
    {
        await using var studio = await Studio.OpenAsync();
        var made = await UploadManyAsync(studio, 4);

        var first = await studio.GetAsync("/v1/files?order=asc&limit=3");
        var second = await studio.GetAsync($"/v1/files?order=asc&limit=3&after={first.Json["last_id"]}");

        Assert.Equal(made[..3], first.Json["data"]!.AsArray().Select(file => (string)file!["id"]!));
        Assert.Equal(made[3..], second.Json["data"]!.AsArray().Select(file => (string)file!["id"]!));
    }

    [Fact]
    public async Task A_list_keeps_to_one_purpose()
    {
        await using var studio = await Studio.OpenAsync();
        await UploadAsync(studio, "a.txt", "batch");
        var id = (string)(await UploadAsync(studio, "b.txt", "vision")).Json["id"]!;
        await UploadAsync(studio, "c.txt", "batch");

        var answer = await studio.GetAsync("/v1/files?purpose=vision");

        Assert.Equal(id, (string?)Assert.Single(answer.Json["data"]!.AsArray())!["id"]);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=10001", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("order=sideways", "order")]
    [InlineData("after=file-unknown", "after")]
    public async Task A_bad_list_parameter_is_named(string query, string param)
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.GetAsync($"/v1/files?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(param, answer.ErrorParam);
    }

    [Fact]
    public async Task The_next_page_is_asked_for_at_our_own_base_whatever_replicate_says()
    {
        await using var studio = await Studio.OpenAsync();
        await UploadManyAsync(studio, 2);
        studio
            .Simulator.Script.On("GET", "/v1/files")
            .Times(1)
            .EditJson(page => page["next"] = "http://169.254.169.254/v1/files?cursor=bz0x");

        var answer = await studio.GetAsync("/v1/files?limit=10");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("/v1/files?cursor=bz0x", studio.Simulator.RequestsTo("GET", "/v1/files")[^1].Path);
    }

    [Fact]
    public async Task Contents_come_from_a_signed_address()
    {
        await using var studio = await Studio.OpenAsync(extras: Signing);
        var id = (string)(await UploadAsync(studio, "notes.txt", "batch")).Json["id"]!;

        var answer = await studio.GetAsync($"/v1/files/{id}/content");

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("hello", answer.Text);
        Assert.Equal("text/plain", answer.ContentType);
        Assert.Null(
            Assert.Single(studio.Simulator.Requests, r => r.Path.Contains("/download?", StringComparison.Ordinal)).Header("Authorization")
        );
    }

    [Fact]
    public async Task Without_a_signing_secret_contents_are_not_offered_and_the_message_says_what_is_missing()
    {
        await using var studio = await Studio.OpenAsync();
        var id = (string)(await UploadAsync(studio, "notes.txt", "batch")).Json["id"]!;

        var answer = await studio.GetAsync($"/v1/files/{id}/content");

        Assert.Equal(HttpStatusCode.NotImplemented, answer.Status);
        Assert.Contains("files_signing_secret", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_another_key_is_found_with_that_key()
    {
        var accounts = new Dictionary<string, string> { [Studio.Token] = "one", [Studio.OtherToken] = "two" };
        await using var studio = await Studio.OpenAsync(new SimulatorOptions { Accounts = accounts }, twoKeys: true);
        var ids = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            ids.Add((string)(await UploadAsync(studio, $"{i}.txt", "batch")).Json["id"]!);
        }

        foreach (var id in ids)
        {
            Assert.Equal(HttpStatusCode.OK, (await studio.GetAsync($"/v1/files/{id}")).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await studio.GetAsync("/v1/files/file-nobodyhasit")).Status);
    }

    [Fact]
    public async Task A_page_belongs_to_the_key_that_its_cursor_names()
    {
        var accounts = new Dictionary<string, string> { [Studio.Token] = "one", [Studio.OtherToken] = "two" };
        await using var studio = await Studio.OpenAsync(new SimulatorOptions { Accounts = accounts }, twoKeys: true);
        await UploadManyAsync(studio, 16);
        var first = await studio.GetAsync("/v1/files?limit=1");
        var token = studio.Simulator.RequestsTo("GET", "/v1/files")[^1].Header("Authorization");

        for (var i = 0; i < 6; i++)
        {
            await studio.GetAsync($"/v1/files?limit=1&after={first.Json["after"]}");
            Assert.Equal(token, studio.Simulator.RequestsTo("GET", "/v1/files")[^1].Header("Authorization"));
        }
    }

    [Fact]
    public async Task A_wished_life_is_dropped_with_a_note()
    {
        await using var studio = await Studio.OpenAsync();
        var form = Studio
            .Form(("purpose", "batch"), ("expires_after[anchor]", "created_at"), ("expires_after[seconds]", "3600"))
            .With("file", "hello"u8.ToArray(), "notes.txt", "text/plain");

        var answer = await studio.PostAsync("/v1/files", form);

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains(answer.Headers, header => header.Value.Any(value => value.Contains("expires_after", StringComparison.Ordinal)));
    }

    private static Task<Answered> UploadAsync(Studio studio, string name, string purpose) =>
        studio.PostAsync("/v1/files", Studio.Form(("purpose", purpose)).With("file", "hello"u8.ToArray(), name, "text/plain"));

    private static async Task<List<string>> UploadManyAsync(Studio studio, int count)
    {
        var ids = new List<string>();
        for (var i = 0; i < count; i++)
        {
            ids.Add((string)(await UploadAsync(studio, $"{i}.txt", "batch")).Json["id"]!);
        }

        return ids;
    }
}
