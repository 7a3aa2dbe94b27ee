using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using Bifrost.Admin.Health;
using Bifrost.Admin.Http;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Stores;

namespace Bifrost.Admin.Tests;

public sealed class FrameTests
{
    private const string Teams = "/api/governance/teams";

    [Fact]
    public async Task Health_is_told_to_everybody()
    {
        await using var admin = await AnAdmin.StartAsync(account: true, pings: [new StorePing("The store", _ => Task.CompletedTask)]);
        var answer = await admin.GetAsync("/health");
        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"status":"ok","components":{"db_pings":"ok"}}""", answer.Text);
    }

    [Fact]
    public async Task A_store_that_does_not_answer_is_named()
    {
        var down = new StorePing("The ledger's store", _ => throw new IOException("gone"));
        await using var admin = await AnAdmin.StartAsync(account: true, pings: [new StorePing("The store", _ => Task.CompletedTask), down]);
        var answer = await admin.GetAsync("/health");
        Assert.Equal(503, answer.Status);
        Assert.Equal("The ledger's store does not answer.", answer.Message);
    }

    [Fact]
    public async Task A_store_that_hangs_is_given_ten_seconds()
    {
        var hangs = new StorePing("The store", cancel => Task.Delay(Timeout.Infinite, cancel));
        await using var admin = await AnAdmin.StartAsync(account: true, pings: [hangs]);
        var answer = admin.GetAsync("/health");
        while (!answer.IsCompleted)
        {
            admin.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(5);
        }

        Assert.Equal(503, (await answer).Status);
    }

    [Fact]
    public async Task Strangers_who_ask_for_health_do_not_keep_the_store_busy()
    {
        var pings = 0;
        var counting = new StorePing("The store", _ => Task.FromResult(Interlocked.Increment(ref pings)));
        await using var admin = await AnAdmin.StartAsync(account: true, pings: [counting]);
        for (var i = 0; i < 20; i++)
        {
            await admin.GetAsync("/health");
        }

        Assert.Equal(1, pings);
        admin.Clock.Advance(TimeSpan.FromSeconds(1));
        await admin.GetAsync("/health");
        Assert.Equal(2, pings);
    }

    [Fact]
    public async Task The_version_is_told_as_a_string()
    {
        await using var admin = await AnAdmin.OpenAsync();
        Assert.Equal("\"v1.2.3\"", (await admin.GetAsync("/api/version")).Text);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_body_may_be_packed(string packing)
    {
        await using var admin = await AnAdmin.OpenAsync();
        Assert.Equal(201, (await admin.SendAsync(Packed("""{"name": "a"}"""u8.ToArray(), packing))).Status);
    }

    [Fact]
    public async Task A_body_that_unpacks_to_too_much_is_refused()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.SendAsync(Packed(new byte[RequestBody.Longest + 1], "gzip"));
        Assert.Equal(413, answer.Status);
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused()
    {
        await using var admin = await AnAdmin.OpenAsync();
        Assert.Equal(413, (await admin.SendAsync("POST", Teams, $$"""{"name": "{{new string('a', RequestBody.Longest)}}"}""")).Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task A_body_that_is_not_json_is_refused(string type)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, Teams) { Content = new StringContent("""{"name": "a"}""") };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        Assert.Equal(415, (await admin.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("zstd", 415)]
    [InlineData("gzip", 400)]
    public async Task A_body_that_cannot_be_unpacked_is_refused(string packing, int status)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var request = new HttpRequestMessage(HttpMethod.Post, Teams)
        {
            Content = new StringContent("""{"name": "a"}""", Encoding.UTF8, "application/json"),
        };
        request.Content.Headers.ContentEncoding.Add(packing);
        Assert.Equal(status, (await admin.SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"name\": \"a\"} x")]
    [InlineData("{\"name\": \"a\", \"name\": \"b\"}")]
    [InlineData("{\"name\": \"\\ud800\"}")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public async Task A_body_that_is_broken_is_refused(string body)
    {
        await using var admin = await AnAdmin.OpenAsync();
        Assert.Equal(400, (await admin.SendAsync("POST", Teams, body)).Status);
    }

    [Fact]
    public async Task A_method_that_is_not_possible_is_told_with_those_that_are()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.DeleteAsync("/api/config");
        Assert.Equal(405, answer.Status);
        Assert.Contains("PATCH", answer.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task HEAD_answers_like_GET_without_a_body()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.SendAsync(AnAdmin.Request("HEAD", "/api/config"));
        Assert.Equal(200, answer.Status);
        Assert.Empty(answer.Text);
        Assert.NotEmpty(answer.Header("ETag"));
    }

    [Fact]
    public async Task A_store_that_fails_changes_nothing_and_says_so()
    {
        var store = new FailingStore();
        await using var admin = await AnAdmin.StartAsync(account: false, store);
        store.IsDown = true;
        var answer = await admin.SendAsync("POST", Teams, """{"name": "a"}""");
        Assert.Equal(503, answer.Status);
        Assert.DoesNotContain("disk", answer.Text, StringComparison.Ordinal);
        Assert.Empty((await admin.GetAsync(Teams)).Json["teams"]!.AsArray());
    }

    [Fact]
    public async Task The_reference_describes_every_route()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var paths = (await admin.GetAsync("/api/openapi.json")).Json["paths"]!;
        foreach (var route in admin.Surface.Routes)
        {
            var operation = paths[route.Pattern]![route.Method.ToLowerInvariant()]!;
            Assert.NotEmpty(operation["summary"]!.GetValue<string>());
            Assert.Equal(route.Body is not null, operation["requestBody"] is not null);
            Assert.NotNull(operation["responses"]![$"{route.Status}"]);
        }

        var ids = paths.AsObject().SelectMany(p => p.Value!.AsObject()).Select(o => o.Value!["operationId"]!.GetValue<string>()).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task The_reference_page_loads_nothing_from_elsewhere()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var page = await admin.GetAsync("/api/reference");
        Assert.DoesNotContain("http", page.Text.Replace("<!doctype html>", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; script-src 'self';", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        using var script = await admin.Client.GetAsync("/api/reference/scalar.js");
        Assert.Equal("gzip", Assert.Single(script.Content.Headers.ContentEncoding));
        await using var unpacked = new GZipStream(await script.Content.ReadAsStreamAsync(), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        Assert.Contains("createApiReference", await reader.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ledger_tells_who_spent_what()
    {
        var ledger = new InMemoryLedgerStore();
        var entries = Enumerable.Range(0, 3).Select(i => Entry(i, i == 0 ? "key-a" : "key-b")).ToList();
        await ledger.AppendAsync(
            new LedgerBatch("j", new JournalPosition(1, 1), [.. entries.Select(e => new SettledCall(e.Id, e, []))]),
            default
        );
        await using var admin = await AnAdmin.StartAsync(account: false, ledger: ledger);
        var all = await admin.GetAsync("/api/governance/ledger");
        Assert.Equal(3, all.Json["count"]!.GetValue<int>());
        Assert.Equal(0.000000006m, all.Json["cost"]!.GetValue<decimal>());
        var one = await admin.GetAsync("/api/governance/ledger?virtual_key_id=key-a");
        Assert.Equal("request 0", Assert.Single(one.Json["entries"]!.AsArray())!["request_id"]!.GetValue<string>());
        var page = await admin.GetAsync("/api/governance/ledger?limit=2");
        var rest = await admin.GetAsync($"/api/governance/ledger?limit=2&after={page.Json["next_after"]}");
        Assert.Single(rest.Json["entries"]!.AsArray());
        Assert.Equal(400, (await admin.GetAsync("/api/governance/ledger?from=yesterday&after=x")).Status);
    }

    private static LedgerEntry Entry(int number, string key) =>
        new()
        {
            Id = Guid.NewGuid(),
            Call = new CallRecord
            {
                RequestId = $"request {number}",
                At = new DateTimeOffset(2026, 11, 22, 10, number, 0, TimeSpan.Zero),
                Operation = "chat",
                Provider = "openai",
                ProviderKey = "main",
                AskedModel = "gpt-5",
                SentModel = "gpt-5",
                VirtualKeyId = key,
            },
            SettledAt = new DateTimeOffset(2026, 11, 22, 10, number, 1, TimeSpan.Zero),
            Outcome = LedgerOutcome.Succeeded,
            Cost = number + 1,
        };

    private static HttpRequestMessage Packed(byte[] body, string packing)
    {
        using var packed = new MemoryStream();
        using (
            Stream pack = packing switch
            {
                "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
                "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
                _ => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            }
        )
        {
            pack.Write(body);
        }

        var request = new HttpRequestMessage(HttpMethod.Post, Teams) { Content = new ByteArrayContent(packed.ToArray()) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Content.Headers.ContentEncoding.Add(packing);
        return request;
    }

    private sealed class FailingStore : IObjectStore
    {
        private readonly InMemoryObjectStore _inner = new();

        public bool IsDown { get; set; }

        public Task<IReadOnlyList<StoredObject>> LoadAsync(CancellationToken cancel) => _inner.LoadAsync(cancel);

        public Task SaveAsync(IReadOnlyList<ObjectChange> changes, CancellationToken cancel) =>
            IsDown ? throw new IOException("The disk is full.") : _inner.SaveAsync(changes, cancel);
    }
}
