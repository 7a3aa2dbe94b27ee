using System.Text.Json;
using Bifrost.Core.World;
using Bifrost.Providers.OpenAI;
using Bifrost.Testing;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Tests.Governed;

/// <summary>What these tests ask and answer.</summary>
internal static class Stage
{
    public const string Ask = """{"model":"openai/gpt-4o","messages":[{"role":"user","content":"hi"}]}""";

    public const string Streaming = """{"model":"openai/gpt-4o","stream":true,"messages":[{"role":"user","content":"hi"}]}""";

    public const string Reply = """
        {"id":"c1","object":"chat.completion","created":1,"model":"gpt-4o","choices":[{"index":0,"message":{"role":"assistant","content":"hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}
        """;

    public static readonly (string, string) Vk = ("x-bf-vk", Keyring.Value);

    public static KeyConfig Key(string name, params string[] models) =>
        new()
        {
            Name = name,
            Id = "id-" + name,
            Value = new Secret("sk-" + name),
            Models = models.Length == 0 ? null : models,
        };

    public static ProviderModel OpenAIAt(string address) =>
        new()
        {
            Id = "openai",
            Kind = new OpenAIProvider(),
            Base = new Uri(address),
            Keys = [],
            Network = new NetworkConfig(),
            Http = new HttpMessageInvoker(new HttpClientHandler()),
            Patience = TimeSpan.FromSeconds(1),
        };

    public static async Task<JsonElement> JsonOf(HttpResponseMessage response)
    {
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }

    public static async Task<(int Status, string Word)> RefusalOf(HttpResponseMessage response)
    {
        var body = await JsonOf(response);
        var error = body.GetProperty("error");
        var word = error.GetProperty("type").GetString()!;
        Assert.Equal(word, error.GetProperty("code").GetString());
        Assert.Equal(word, body.GetProperty("type").GetString());
        Assert.Equal((int)response.StatusCode, body.GetProperty("status_code").GetInt32());
        Assert.False(body.GetProperty("is_bifrost_error").GetBoolean());
        return ((int)response.StatusCode, word);
    }

    /// <summary>An upstream that streams these events, each in a write of its own.</summary>
    public static Task<FakeUpstream> StreamingAsync(params string[] events) =>
        FakeUpstream.StartAsync(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            foreach (var one in events)
            {
                await http.Response.WriteAsync($"data: {one}\n\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
                await Task.Delay(5, http.RequestAborted);
            }
        });

    public static string Piece(string text, string more = "") =>
        $$$"""{"id":"c1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"{{{text}}}"}}]{{{more}}}}""";
}
