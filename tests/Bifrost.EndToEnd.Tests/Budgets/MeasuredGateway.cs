using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Bifrost.EndToEnd.Tests.Budgets;

/// <summary>The built program in front of an upstream that answers at once, and what it says about itself on its page of metrics.</summary>
internal sealed class MeasuredGateway : IAsyncDisposable
{
    private const string VirtualKey = "sk-bf-budget-budget-budget";
    private const int Warm = 1_500;
    private const int Counted = 2_000;
    private const int Callers = 8;

    private const string Chunk = """
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-mini","choices":[{"index":0,"delta":{"content":" token"}}]}


        """;

    private const string LastChunks = """
        data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-mini","choices":[],"usage":{"prompt_tokens":31,"completion_tokens":5,"total_tokens":36}}

        data: [DONE]


        """;

    private const string Words = "It stands between.";
    private const int Chunks = 16;

    private readonly FakeUpstream _upstream;
    private readonly BifrostProcess _process;
    private readonly AuthenticationHeaderValue? _credential;
    private readonly HttpClient _http = new();

    private MeasuredGateway(FakeUpstream upstream, BifrostProcess process, string? key)
    {
        _upstream = upstream;
        _process = process;
        _credential = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Key swapped, usage read, priced, written into the ledger, counted.</summary>
    public static Task<MeasuredGateway> RelayingAsync(string words = Words) =>
        StartAsync("""{ "enable_logging": false }""", governance: "", key: null, words);

    /// <summary>And a virtual key, budgets and rate limits at four levels, and a row in the request log.</summary>
    public static Task<MeasuredGateway> WithEverythingOnAsync()
    {
        const string Limits = """
            "budgets": [{ "max_limit": 1000000, "reset_duration": "1M" }],
            "rate_limit": { "request_max_limit": 1000000000, "request_reset_duration": "1m",
                            "token_max_limit": 1000000000000, "token_reset_duration": "1m" }
            """;
        return StartAsync(
            """{ "enable_logging": true, "disable_content_logging": true }""",
            $$"""
            "governance": {
              "customers": [{ "id": "acme", "name": "Acme", {{Limits}} }],
              "teams": [{ "id": "research", "name": "Research", "customer_id": "acme", {{Limits}} }],
              "virtual_keys": [{ "id": "budget", "name": "Budget", "value": "{{VirtualKey}}", "team_id": "research", {{Limits}},
                "provider_configs": [{ "provider": "openai", "allowed_models": ["gpt-4o-mini"], "allowed_keys": ["own"] }] }],
              "model_configs": [{ "id": "mini", "model_name": "gpt-4o-mini", "provider": "openai", {{Limits}} }]
            },
            """,
            VirtualKey,
            Words
        );
    }

    /// <summary>Sends chats until all code is warm, then counts what a chat costs.</summary>
    /// <param name="body">What each chat is.</param>
    /// <returns>Bytes allocated for each.</returns>
    public async Task<double> BytesPerChatAsync(string body)
    {
        await SendAsync(body, Warm, Callers);
        var before = await ReadAsync("dotnet_gc_allocated_bytes_total");
        await SendAsync(body, Counted, Callers);
        return (await ReadAsync("dotnet_gc_allocated_bytes_total") - before) / Counted;
    }

    /// <summary>Sends the same chat again and again; each must be answered well.</summary>
    public async Task SendAsync(string body, int count, int callers)
    {
        var chats = new Uri(await _process.AddressAsync(), "/v1/chat/completions");
        var left = count;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => CallAsync()));

        async Task CallAsync()
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, chats)
                {
                    Content = new StringContent(body, Encoding.UTF8, MediaTypeNames.Application.Json),
                    Headers = { Authorization = _credential },
                };
                using var response = await _http.SendAsync(request);
                Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
            }
        }
    }

    /// <summary>A figure from the page of metrics.</summary>
    public async Task<double> ReadAsync(string metric)
    {
        var page = await _http.GetStringAsync(new Uri(await _process.AddressAsync(), "/metrics"));
        var line = page.Split('\n').Single(line => line.StartsWith(metric + " ", StringComparison.Ordinal));
        return double.Parse(line[(metric.Length + 1)..], CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    private static async Task<MeasuredGateway> StartAsync(string client, string governance, string? key, string words)
    {
        var answer = $$$"""
            {"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini",
             "choices":[{"index":0,"message":{"role":"assistant","content":"{{{words}}}"},"finish_reason":"stop"}],
             "usage":{"prompt_tokens":31,"completion_tokens":5,"total_tokens":36}}
            """;
        var upstream = await FakeUpstream.StartAsync(http => AnswerAsync(http, answer));
        var config = $$"""
            {
              "client": {{client}},
              {{governance}}
              "providers": { "openai": {
                "keys": [{ "name": "own", "value": "sk-upstream", "weight": 1, "models": ["*"] }],
                "network_config": { "base_url": "{{upstream.Address}}" } } }
            }
            """;
        return new MeasuredGateway(upstream, BifrostProcess.Start(config, ["--port", "0", "--log-level", "warn"]), key);
    }

    private static async Task AnswerAsync(HttpContext http, string answer)
    {
        using var asked = await JsonDocument.ParseAsync(http.Request.Body);
        if (!asked.RootElement.TryGetProperty("stream", out _))
        {
            await FakeUpstream.WriteAsync(http, answer);
            return;
        }

        http.Response.ContentType = "text/event-stream";
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            await http.Response.WriteAsync(Chunk);
            await http.Response.Body.FlushAsync();
        }

        await http.Response.WriteAsync(LastChunks);
    }
}
