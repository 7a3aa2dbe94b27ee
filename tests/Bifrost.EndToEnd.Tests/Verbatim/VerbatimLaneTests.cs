using System.Text;
using Bifrost.Core.World;
using Bifrost.Testing;
using Microsoft.AspNetCore.Http;

namespace Bifrost.EndToEnd.Tests.Verbatim;

public sealed class VerbatimLaneTests
{
    private const string Answer =
        """{"id":"chatcmpl-1","object":"chat.completion","model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}""";

    [Fact]
    public async Task On_the_openai_surface_a_bare_model_goes_up_byte_for_byte()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Answer);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();
        const string body = """{ "model" : "gpt-4o", "messages":[{"role":"user","content":"h\u00e9"}],  "unknown_field":{"b":1,"a":2} }""";

        using var response = await gateway.PostAsync("/openai/v1/chat/completions", body);

        Assert.Equal(body, upstream.Only.Text);
        Assert.Equal(Answer, await response.Content.ReadAsStringAsync());
        Assert.Equal("/v1/chat/completions", upstream.Only.Path);
    }

    [Fact]
    public async Task With_a_provider_prefix_only_the_model_is_replaced()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Answer);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var _ = await gateway.PostAsync("/v1/chat/completions", """{"messages":[ ],"model":"openai/gpt-4o","x":"openai/gpt-4o"}""");

        Assert.Equal("""{"messages":[ ],"model":"gpt-4o","x":"openai/gpt-4o"}""", upstream.Only.Text);
    }

    [Fact]
    public async Task The_gateways_own_fallbacks_do_not_go_upstream()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Answer);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var _ = await gateway.PostAsync("/v1/chat/completions", """{"fallbacks":["openai/b"], "model":"openai/a","n":1}""");

        Assert.Equal(""" "model":"a","n":1}""", upstream.Only.Text[1..]);
    }

    [Fact]
    public async Task The_gateways_key_is_sent_and_the_callers_made_up_one_is_not()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Answer);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var _ = await gateway.PostAsync(
            "/v1/chat/completions",
            """{"model":"openai/a"}""",
            ("Authorization", "Bearer dummy"),
            ("Cookie", "a=b")
        );

        Assert.Equal("Bearer sk-upstream", upstream.Only.Headers["Authorization"]);
        Assert.False(upstream.Only.Headers.ContainsKey("Cookie"));
    }

    [Fact]
    public async Task A_direct_key_is_used_for_its_request_and_appears_in_no_log()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Answer);
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();
        var key = "sk-" + new string('q', 48);

        using var _ = await gateway.PostAsync("/v1/chat/completions", """{"model":"openai/a"}""", ("Authorization", "Bearer " + key));

        Assert.Equal("Bearer " + key, upstream.Only.Headers["Authorization"]);
        Assert.DoesNotContain(key, gateway.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-upstream", gateway.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Direct_keys_are_ignored_when_they_are_not_allowed()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync(Answer);
        await using var gateway = await AGateway.With().Client(c => c with { AllowDirectKeys = false }).OpenAI(upstream).StartAsync();

        using var _ = await gateway.PostAsync(
            "/v1/chat/completions",
            """{"model":"openai/a"}""",
            ("Authorization", "Bearer sk-" + new string('q', 48))
        );

        Assert.Equal("Bearer sk-upstream", upstream.Only.Headers["Authorization"]);
    }

    [Fact]
    public async Task A_stream_comes_down_byte_for_byte_and_piece_by_piece()
    {
        const string first = "data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n";
        const string rest =
            "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}\n\ndata: [DONE]\n\n";
        var mayGoOn = new TaskCompletionSource();
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync(first);
            await http.Response.Body.FlushAsync();
            await mayGoOn.Task;
            await http.Response.WriteAsync(rest);
        });
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/openai/v1/chat/completions", """{"model":"gpt-4o","stream":true}""");
        await using var stream = await response.Content.ReadAsStreamAsync();
        var seen = new byte[first.Length];
        await stream.ReadExactlyAsync(seen);
        mayGoOn.SetResult();
        using var reader = new StreamReader(stream);

        Assert.Equal(first, Encoding.UTF8.GetString(seen));
        Assert.Equal(rest, await reader.ReadToEndAsync());
    }

    [Fact]
    public async Task A_stream_that_breaks_ends_with_an_error_in_the_callers_dialect()
    {
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: {\"choices\":[]}\n\n");
            await http.Response.Body.FlushAsync();
            // A reset overtakes what was sent just before it.
            await Task.Delay(100);
            http.Abort();
        });
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/openai/v1/chat/completions", """{"model":"gpt-4o","stream":true}""");
        var text = await response.Content.ReadAsStringAsync();

        Assert.StartsWith("data: {\"choices\":[]}\n\n", text, StringComparison.Ordinal);
        Assert.Contains("data: {\"error\":", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_fails_with_its_first_event_is_an_ordinary_error()
    {
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: {\"error\":{\"message\":\"no\"}}\n\n");
        });
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/openai/v1/chat/completions", """{"model":"gpt-4o","stream":true}""");

        Assert.Equal(502, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_silent_stream_is_ended_after_the_idle_limit()
    {
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: {}\n\n");
            await http.Response.Body.FlushAsync();
            await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted);
        });
        await using var gateway = await AGateway.With().Network(n => n with { StreamIdleTimeoutSeconds = 1 }).OpenAI(upstream).StartAsync();

        using var response = await gateway.PostAsync("/openai/v1/chat/completions", """{"model":"gpt-4o","stream":true}""");
        var text = await response.Content.ReadAsStringAsync();

        Assert.Contains("\"code\":\"timeout\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_the_caller_leaves_the_upstream_request_is_aborted_within_a_second()
    {
        await using var upstream = await FakeUpstream.StartAsync(http => Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted));
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();
        using var leave = new CancellationTokenSource();
        var call = gateway.Client.PostAsync("/openai/v1/chat/completions", new StringContent("""{"model":"gpt-4o"}"""), leave.Token);
        await Eventually.IsTrueAsync(() => upstream.Seen.Count == 1);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await Eventually.IsTrueAsync(() => upstream.Aborted == 1, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Usage_is_tapped_from_answers_and_streams_alike()
    {
        await using var upstream = await FakeUpstream.StartAsync(async http =>
        {
            if (http.Request.Headers.ContainsKey("x-stream"))
            {
                http.Response.ContentType = "text/event-stream";
                await http.Response.WriteAsync(
                    "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":21,\"completion_tokens\":22,\"total_tokens\":43}}\n\n"
                );
                return;
            }

            await FakeUpstream.WriteAsync(http, Answer);
        });
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();

        using (await gateway.PostAsync("/openai/v1/chat/completions", """{"model":"gpt-4o"}""")) { }

        using var response = await gateway.PostAsync(
            "/openai/v1/chat/completions",
            """{"model":"gpt-4o","stream":true}""",
            ("x-bf-eh-x-stream", "1")
        );
        await response.Content.ReadAsStringAsync();

        await Eventually.IsTrueAsync(() => gateway.Log.Contains("11 tokens in, 7 out", StringComparison.Ordinal));
        await Eventually.IsTrueAsync(() => gateway.Log.Contains("21 tokens in, 22 out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_multipart_form_goes_up_with_only_its_model_replaced()
    {
        await using var upstream = await FakeUpstream.AnsweringAsync("""{"text":"hi"}""");
        await using var gateway = await AGateway.With().OpenAI(upstream).StartAsync();
        using var form = new MultipartFormDataContent("b0undary")
        {
            { new ByteArrayContent([1, 2, 3, 255]), "file", "a.wav" },
            { new StringContent("openai/whisper-1"), "model" },
        };

        using var response = await gateway.Client.PostAsync("/v1/audio/transcriptions", form);

        Assert.Equal("""{"text":"hi"}""", await response.Content.ReadAsStringAsync());
        Assert.Contains("\r\n\r\nwhisper-1\r\n", Encoding.Latin1.GetString(upstream.Only.Body), StringComparison.Ordinal);
        Assert.Contains("\u0001\u0002\u0003\u00ff", Encoding.Latin1.GetString(upstream.Only.Body), StringComparison.Ordinal);
    }
}
