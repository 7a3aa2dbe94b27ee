using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Bifrost.Core.World;
using Bifrost.Testing;
using Microsoft.AspNetCore.Http;

namespace Bifrost.EndToEnd.Tests.Verbatim;

public sealed class FailureTests
{
    private const string Ok = """{"ok":true}""";
    private const string Ask = """{"model":"openai/gpt-4o","messages":[]}""";

    [Theory]
    [InlineData("""{"model":"openai/a","messages":[""", "invalid_json")]
    [InlineData("""[1,2]""", "invalid_json")]
    [InlineData("", "invalid_json")]
    [InlineData("""{"model":"openai/a"} trailing""", "invalid_json")]
    [InlineData("""{"model":"openai/a","model":"openai/b"}""", "duplicate_parameter")]
    [InlineData("""{"mod\u0065l":"openai/a","model":"openai/b"}""", "duplicate_parameter")]
    [InlineData("""{"model":5}""", "invalid_type")]
    [InlineData("""{"model":"openai/a","stream":"yes"}""", "invalid_type")]
    [InlineData("""{"messages":[]}""", "missing_required_parameter")]
    [InlineData("""{"model":"nobody-knows-this"}""", "model_not_found")]
    public async Task Bad_bodies_are_a_400_that_says_what_is_wrong_and_nothing_goes_upstream(string body, string code)
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Ok);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", body);
        var error = await ErrorOf(response);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Empty(upstream.Seen);
    }

    [Fact]
    public async Task Nesting_without_end_is_refused()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Ok);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", $$"""{"model":"openai/a","x":{{new string('[', 100_000)}}""");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Invalid_utf8_is_refused()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Ok);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();
        using var body = new ByteArrayContent([.. "{\"model\":\"openai/a\",\"x\":\""u8, 0xC3, 0x28, .. "\"}"u8]);

        using var response = await gateway.Client.PostAsync("/v1/chat/completions", body);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_a_413()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Ok);
        await using var gateway = await AGateway.With().Client(c => c with { MaxRequestBodySizeMb = 1 }).OpenAI(upstream).StartAsync();
        using var body = new ByteArrayContent(new byte[(1 << 20) + 1]);

        using var response = await gateway.Client.PostAsync("/v1/chat/completions", body);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task A_small_body_that_unpacks_over_the_limit_is_a_413()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Ok);
        await using var gateway = await AGateway.With().Client(c => c with { MaxRequestBodySizeMb = 1 }).OpenAI(upstream).StartAsync();
        using var packed = new MemoryStream();
        await using (
            var zip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true)
        )
        {
            await zip.WriteAsync(new byte[8 << 20]);
        }

        using var body = new ByteArrayContent(packed.ToArray()) { Headers = { { "Content-Encoding", "gzip" } } };
        using var response = await gateway.Client.PostAsync("/v1/chat/completions", body);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Unknown_routes_are_404_and_wrong_methods_405_both_in_json()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Ok);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var unknown = await gateway.Client.GetAsync("/v1/nothing/here");
        using var elsewhere = await gateway.Client.GetAsync("/nothing");
        using var wrong = await gateway.Client.GetAsync("/openai/chat/completions");

        Assert.Equal((404, "unknown_url"), ((int)unknown.StatusCode, (await ErrorOf(unknown)).GetProperty("code").GetString()));
        Assert.Equal((404, "unknown_url"), ((int)elsewhere.StatusCode, (await ErrorOf(elsewhere)).GetProperty("code").GetString()));
        Assert.Equal(405, (int)wrong.StatusCode);
        Assert.Equal("POST", wrong.Content.Headers.Allow.Single());
    }

    [Theory]
    [InlineData("/v1/videos/..%2F..%2Fadmin")]
    [InlineData("/v1/files/%2e%2e%2fsecrets")]
    [InlineData("/v1/responses/a%5Cb")]
    [InlineData("/v1/files/x%0d%0aevil")]
    public async Task Ids_that_try_to_leave_their_path_never_go_upstream(string path)
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Ok);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        var answer = await RawAsync(gateway.Address, $"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.Matches("^HTTP/1.1 40[04] ", answer);
        Assert.Empty(upstream.Seen);
    }

    [Fact]
    public async Task A_header_with_a_bare_carriage_return_is_refused_at_the_door()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Ok);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        var answer = await RawAsync(gateway.Address, "GET /v1/models HTTP/1.1\r\nHost: x\r\nx-bf-eh-a: b\rc\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_virtual_key_is_a_403_wherever_it_stands()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Ok);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();
        foreach (var header in new[] { "x-bf-vk", "x-api-key", "x-goog-api-key" })
        {
            using var response = await gateway.PostAsync("/v1/chat/completions", Ask, (header, "SK-BF-abc"));
            Assert.Equal("virtual_key_not_found", (await ErrorOf(response)).GetProperty("code").GetString());
            Assert.Equal(403, (int)response.StatusCode);
        }

        Assert.Empty(upstream.Seen);
    }

    [Fact]
    public async Task Without_a_key_the_error_names_the_remedy()
    {
        await using var gateway = await AGateway.With().StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", """{"model":"replicate/meta/meta-llama-3-8b-instruct"}""");

        Assert.Equal(401, (int)response.StatusCode);
        Assert.Contains("REPLICATE_API_TOKEN", (await ErrorOf(response)).GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_published_provider_that_is_not_served_yet_says_so()
    {
        await using var gateway = await AGateway.With().StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", """{"model":"anthropic/claude-opus-4"}""");

        Assert.Contains(
            "not served by this version",
            (await ErrorOf(response)).GetProperty("message").GetString(),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(400, 400)]
    [InlineData(404, 404)]
    [InlineData(422, 422)]
    public async Task A_rejected_request_keeps_the_providers_status_and_words(int status, int expected)
    {
        const string words =
            """{"error":{"message":"Unknown parameter: 'x'.","type":"invalid_request_error","param":"x","code":"unknown_parameter"}}""";
        await using var upstream = await FakeUpstream.AnsweringAsync(words, status);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Ask);

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.Equal(words, await response.Content.ReadAsStringAsync());
        Assert.Single(upstream.Seen);
    }

    [Fact]
    public async Task The_gateways_own_bad_key_is_a_502_that_names_the_key_and_hides_the_body()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(
            """{"error":{"message":"Incorrect API key provided: sk-upstream"}}""",
            401
        );
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Ask);
        var text = await response.Content.ReadAsStringAsync();

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Contains("\\\"main\\\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-upstream", text + gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_one_key_is_refused_the_next_is_tried()
    {
        await using var upstream = await FakeUpstream.StartAsync(http =>
            FakeUpstream.WriteAsync(http, Ok, http.Request.Headers.Authorization == "Bearer bad" ? 401 : 200)
        );
        await using var gateway = await AGateway
            .With()
            .OpenAI(
                upstream,
                new KeyConfig { Name = "bad", Value = new Secret("bad") },
                new KeyConfig
                {
                    Name = "good",
                    Value = new Secret("good"),
                    Weight = 0,
                }
            )
            .StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Ask);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal(2, upstream.Seen.Count);
    }

    [Fact]
    public async Task A_rate_limit_is_waited_out_as_asked_and_passed_on_when_it_lasts()
    {
        await using var upstream = await FakeUpstream.StartAsync(http =>
        {
            http.Response.Headers.RetryAfter = "1";
            return FakeUpstream.WriteAsync(http, """{"error":{"message":"slow down"}}""", 429);
        });
        await using var gateway = await AGateway.With().Network(n => n with { MaxRetries = 1 }).OpenAI(upstream).StartAsync();
        var started = TimeProvider.System.GetTimestamp();

        using var response = await gateway.PostAsync("/v1/chat/completions", Ask);

        Assert.Equal(429, (int)response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
        Assert.Equal(2, upstream.Seen.Count);
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(950));
    }

    [Theory]
    [InlineData(503, 3)]
    [InlineData(500, 1)]
    [InlineData(502, 1)]
    public async Task Only_what_was_certainly_not_accepted_is_tried_again(int status, int requests)
    {
        await using var upstream = await FakeUpstream.AnsweringAsync("<html>", status);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Ask);

        Assert.Equal(requests, upstream.Seen.Count);
        Assert.True((int)response.StatusCode is 502 or 503);
    }

    [Fact]
    public async Task An_error_with_half_a_character_in_it_is_still_an_error()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync("""{"error":{"message":"\ud800"}}""", 500);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Ask);

        Assert.Equal(502, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_provider_that_is_not_there_is_a_503()
    {
        await using var gateway = await AGateway.With().Provider("openai", "openai", new Uri("http://127.0.0.1:9")).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Ask);

        Assert.Equal(503, (int)response.StatusCode);
        Assert.Equal("upstream_unreachable", (await ErrorOf(response)).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_provider_that_never_answers_is_a_504()
    {
        await using var upstream = await FakeUpstream.StartAsync(http => Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted));
        await using var gateway = await AGateway.With().Network(n => n with { RequestTimeoutSeconds = 1 }).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", Ask);

        Assert.Equal(504, (int)response.StatusCode);
        Assert.Single(upstream.Seen);
    }

    [Fact]
    public async Task A_fallback_answers_when_the_first_target_fails()
    {
        await using var broken = await FakeUpstream.AnsweringAsync("{}", 500);
        await using var spare = await FakeUpstream.AnsweringAsync(Ok);
        await using var gateway = await AGateway.With().OpenAI(broken).Provider("spare", "openai", spare.Address).StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", """{"model":"openai/a","fallbacks":["spare/b"]}""");

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Contains("\"model\":\"b\"", spare.Only.Text, StringComparison.Ordinal);
        Assert.Equal("spare", response.Headers.GetValues("x-bf-provider").Single());
    }

    [Fact]
    public async Task A_stop_lets_running_requests_finish()
    {
        var mayGoOn = new TaskCompletionSource();
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            await mayGoOn.Task;
            await FakeUpstream.WriteAsync(http, Ok);
        });
        var gateway = await AGateway.With().OpenAI(upstream).StartAsync();
        var call = gateway.PostAsync("/v1/chat/completions", Ask);
        await Eventually.IsTrueAsync(() => upstream.Seen.Count == 1);

        var stop = gateway.StopAsync();
        await Task.Delay(50);
        mayGoOn.SetResult();

        using var response = await call;
        Assert.Equal(Ok, await response.Content.ReadAsStringAsync());
        await stop;
    }

    [Fact]
    public async Task A_caller_that_leaves_in_the_middle_of_its_body_is_no_error()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Ok);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, gateway.Address.Port);
            var head = "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 104857600\r\n\r\n{\"model\":";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
            // A reset overtakes what was sent just before it.
            await Task.Delay(200);
            socket.Client.Close(0);
        }

        await Eventually.IsTrueAsync(() => gateway.Log.Contains("CallerLeft", StringComparison.Ordinal));
        Assert.DoesNotContain("unhandled", gateway.Log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(gateway.Log.Split('\n'), line => line.StartsWith("Error ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_page_of_another_origin_may_read_errors_too()
    {
        await using var gateway = await AGateway.With().StartAsync();

        using var response = await gateway.PostAsync("/v1/chat/completions", "{}", ("Origin", "https://app.example"));

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Equal("https://app.example", response.Headers.GetValues("Access-Control-Allow-Origin").Single());
    }

    private static async Task<JsonElement> ErrorOf(HttpResponseMessage response)
    {
        var text = await response.Content.ReadAsStringAsync();
        return JsonDocument.Parse(text).RootElement.GetProperty("error");
    }

    private static async Task<string> RawAsync(Uri address, string request)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
