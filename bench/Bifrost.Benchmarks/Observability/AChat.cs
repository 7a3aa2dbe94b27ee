using System.Text;
using Bifrost.Core;
using Bifrost.Core.Accept;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Providers.OpenAI;
using Bifrost.Wire.Canonical;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Benchmarks.Observability;

/// <summary>The chat of bench/run (0.2 KB asked, 1 KB answered), read by room 1 of the corridor, and what the other rooms leave on it.</summary>
internal static class AChat
{
    private const string Body =
        """{"model":"openai/gpt-4o-mini","messages":[{"role":"system","content":"You are a helpful assistant."},{"role":"user","content":"Tell me in one sentence what a reverse proxy is, please."}],"max_tokens":128}""";

    /// <summary>Of the length that the mock answers with.</summary>
    public static byte[] Answer { get; } =
        Encoding.UTF8.GetBytes(
            $$$"""{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"{{{string.Concat(Enumerable.Repeat("A reverse proxy stands before servers. ", 20))}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":31,"completion_tokens":160,"total_tokens":191}}"""
        );

    /// <summary>As it is when it was read.</summary>
    public static async Task<(Exchange Exchange, Target Target)> ReadAsync(LogConfig? log = null)
    {
        var config = new GatewayConfig
        {
            Client = new ClientConfig { Log = log ?? new LogConfig() },
            Providers = new Dictionary<string, ProviderConfig>
            {
                ["openai"] = new() { Kind = "openai", Keys = [new KeyConfig { Name = "bench", Value = new Secret("sk-upstream") }] },
            },
        };
        var world = new WorldBuilder([new OpenAIProvider()], []).Build(config);
        var http = new DefaultHttpContext();
        var body = Encoding.UTF8.GetBytes(Body);
        http.Request.Method = "POST";
        http.Request.Path = "/v1/chat/completions";
        http.Request.ContentType = "application/json";
        http.Request.Headers.Host = "127.0.0.1:8080";
        http.Request.Headers.Accept = "*/*";
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentLength = body.Length;
        var exchange = await new Accept(new WorldHolder(world), TimeProvider.System).OpenAsync(http);
        var provider = world.Providers["openai"];
        var target = new Target(provider, provider.Kind.OfferFor(Operation.Chat)!, "gpt-4o-mini", provider.Keys[0], Lane.Verbatim);
        return (exchange, target);
    }

    /// <summary>As it is when it has been answered, with what it consumed.</summary>
    public static async Task<Exchange> AnsweredAsync(LogConfig? log = null)
    {
        var (exchange, target) = await ReadAsync(log);
        var now = exchange.Clock.GetTimestamp();
        (exchange.AcceptedAt, exchange.TriedAt, exchange.AnsweredAt) = (now + 10_000, now + 20_000, now + 400_000);
        exchange.EndedAt = now + 450_000;
        exchange.FirstByte = TimeSpan.FromMicroseconds(420);
        exchange.Target = target;
        exchange.AnsweredModel = "gpt-4o-mini";
        exchange.ResponseBytes = Answer.Length;
        exchange.Usage = new Usage { InputTokens = 31, OutputTokens = 160 };
        return exchange;
    }
}
