using System.Text;
using BenchmarkDotNet.Attributes;
using Bifrost.Core;
using Bifrost.Core.Accept;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Estimates;
using Bifrost.Governance.Prices;
using Bifrost.Providers.OpenAI;
using Bifrost.Wire.Canonical;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Benchmarks.Governance;

/// <summary>What it costs to say what a chat may cost, and what it did, for a model that was asked for before. To stay under 500 ns and 200 bytes
/// for both together.</summary>
[MemoryDiagnoser]
public class CostingBenchmarks
{
    private static readonly DateTimeOffset At = new(2026, 8, 15, 20, 0, 0, TimeSpan.Zero);

    private readonly Costing _costing = new(PriceCatalogue.Embedded);
    private Exchange _exchange = null!;
    private Target _target = null!;

    [GlobalSetup]
    public async Task OpenAsync()
    {
        var world = new WorldBuilder([new OpenAIProvider()], []).Build(new GatewayConfig());
        var http = new DefaultHttpContext();
        var body = Encoding.UTF8.GetBytes(
            $$"""{"model":"openai/gpt-4o","messages":[{"role":"user","content":"{{new string('a', 1_000)}}"}],"max_tokens":200}"""
        );
        http.Request.Method = "POST";
        http.Request.Path = "/v1/chat/completions";
        http.Request.ContentType = "application/json";
        http.Request.Body = new MemoryStream(body);
        http.Request.ContentLength = body.Length;
        _exchange = await new Accept(new WorldHolder(world), TimeProvider.System).OpenAsync(http);
        _exchange.Usage = new Usage
        {
            InputTokens = 260,
            CachedReadTokens = 128,
            OutputTokens = 90,
        };
        var provider = world.Providers["openai"];
        _target = new Target(provider, provider.Kind.OfferFor(Operation.Chat)!, "gpt-4o", ProviderModel.NoKey, Lane.Verbatim);
    }

    [Benchmark]
    public long Before() => _costing.Estimate(_exchange, _target, At).ExpectedCost;

    [Benchmark]
    public long After() => _costing.CostOf(_exchange, _target, null, At).Cost;

    [Benchmark]
    public long Both() => Before() + After();
}
