using System.Text.Json;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Tests.Prices;

public sealed class PriceOverrideDocumentTests
{
    [Fact]
    public void Our_prices_are_entered_per_million()
    {
        var read = Good(
            """{"id":"a","scope_kind":"global","pattern":"gpt-4o","prices":{"input":2.5,"cache_read":"0.25","request":0.01,"output":0}}"""
        );

        Assert.Equal(Money.FromPicos(2_500_000), read.Rates[RateKind.Input].Base);
        Assert.Equal(Money.FromPicos(250_000), read.Rates[RateKind.CacheRead].Base);
        Assert.Equal(Money.FromPicos(10_000_000_000), read.Rates[RateKind.Request].Base);
        Assert.Equal(Money.Zero, read.Rates[RateKind.Output].Base);
    }

    [Theory]
    [InlineData("\"patch\":{\"input_cost_per_token\":1.5e-7,\"output_cost_per_token\":0.0000006,\"cache_read_input_token_cost\":0}")]
    [InlineData("\"pricing_patch\":\"{\\\"input_cost_per_token\\\":0.00000015,\\\"output_cost_per_token\\\":6e-07}\"")]
    public void Published_prices_are_per_token_and_exact_and_zero_sets_nothing(string prices)
    {
        var read = Good($$"""{"id":"a","pattern":"gpt-4o-mini",{{prices}}}""");

        Assert.Equal(2, read.Rates.Count);
        Assert.Equal(Money.FromPicos(150_000), read.Rates[RateKind.Input].Base);
        Assert.Equal(Money.FromPicos(600_000), read.Rates[RateKind.Output].Base);
    }

    [Fact]
    public void Published_prices_above_a_threshold_become_tiers()
    {
        var read = Good(
            """{"id":"a","pattern":"m","patch":{"input_cost_per_token_above_200k_tokens":0.000004,"input_cost_per_token_above_128k_tokens":0.000003,"input_cost_per_token":0.000002}}"""
        );

        var rate = read.Rates[RateKind.Input];
        Assert.Equal(
            [2_000_000, 3_000_000, 4_000_000],
            new long[] { 128_000, 200_000, 200_001 }.Select(tokens => (long)rate.For(tokens).Picos)
        );
    }

    [Fact]
    public void Request_types_narrow_it_and_include_streams()
    {
        var read = Good(
            """{"id":"a","pattern":"*","match_type":"wildcard","request_types":["embedding","chat_completion_stream"],"prices":{"input":1}}"""
        );
        var overrides = new PriceOverrides([read]);

        Assert.NotNull(overrides.Apply(null, new PriceScope("p", Operation: Operation.Chat), "m"));
        Assert.NotNull(overrides.Apply(null, new PriceScope("p", Operation: Operation.Embedding), "m"));
        Assert.Null(overrides.Apply(null, new PriceScope("p", Operation: Operation.Response), "m"));
    }

    [Fact]
    public void The_narrowest_scope_wins()
    {
        string[] scopes =
        [
            "\"global\"",
            "\"provider\",\"provider_id\":\"p\"",
            "\"provider_key\",\"provider_key_id\":\"k\"",
            "\"virtual_key\",\"virtual_key_id\":\"v\"",
            "\"virtual_key_provider\",\"virtual_key_id\":\"v\",\"provider_id\":\"p\"",
            "\"virtual_key_provider_key\",\"virtual_key_id\":\"v\",\"provider_id\":\"p\",\"provider_key_id\":\"k\"",
        ];
        var all = scopes
            .Select((scope, i) => Good($$"""{"id":"o{{i}}","scope_kind":{{scope}},"pattern":"m","prices":{"input":{{i}} } }"""))
            .ToList();

        for (var i = 0; i < all.Count; i++)
        {
            var price = new PriceOverrides(all.Take(i + 1).Reverse()).Apply(null, new PriceScope("p", "k", "v"), "m");
            Assert.Equal($"override:o{i}", price!.Version);
        }
    }

    [Fact]
    public void All_mistakes_are_listed_with_their_places()
    {
        var document = Parse(
            """
            {"scope_kind":"virtual_key_provider","provider_key_id":"k","match_type":"wildcard","pattern":"gpt","request_types":["chat","embedding"],
            "prices":{"input":-1,"inputs":2,"output":0.0000001},"patch":{"input_cost_per_token":1e-13,"nonsense":1}}
            """
        );

        Assert.Null(PriceOverrideReader.Read(document, out var mistakes));
        Assert.Equal(
            [
                "id",
                "provider_id",
                "provider_key_id",
                "virtual_key_id",
                "pattern",
                "request_types[0]",
                "prices",
                "prices.input",
                "prices.inputs",
                "prices.output",
                "patch.input_cost_per_token",
                "patch.nonsense",
            ],
            mistakes.Select(mistake => mistake.Path)
        );
        Assert.All(mistakes, mistake => Assert.NotEmpty(mistake.Message));
    }

    [Theory]
    [InlineData("{\"id\":\"a\",\"pattern\":\"m\"}", "prices")]
    [InlineData("{\"id\":\"a\",\"pattern\":\"m\",\"prices\":{}}", "prices")]
    [InlineData("{\"id\":\"a\",\"pattern\":\"m\",\"pricing_patch\":\"[1]\"}", "pricing_patch")]
    [InlineData("{\"id\":\"a\",\"pattern\":\"m\",\"pricing_patch\":\"{\"}", "pricing_patch")]
    [InlineData("{\"id\":\"a\",\"pattern\":\"m\",\"prices\":{\"input\":1e-400}}", "prices.input")]
    [InlineData("{\"id\":\"a\",\"pattern\":\"m\",\"prices\":{\"input\":true}}", "prices.input")]
    [InlineData("{\"id\":\"a\",\"pattern\":\"g*\",\"prices\":{\"input\":1}}", "pattern")]
    [InlineData("{\"id\":\"a\",\"match_type\":\"regex\",\"pattern\":\"(a)\\\\1\",\"prices\":{\"input\":1}}", "pattern")]
    [InlineData("{\"id\":\"a\",\"match_type\":\"glob\",\"pattern\":\"g\",\"prices\":{\"input\":1}}", "match_type")]
    [InlineData(
        "{\"id\":\"a\",\"pattern\":\"m\",\"patch\":{\"output_cost_per_token_above_200k_tokens\":0.00001}}",
        "patch.output_cost_per_token_above_200k_tokens"
    )]
    public void Each_mistake_is_found_where_it_stands(string json, string path)
    {
        Assert.Null(PriceOverrideReader.Read(Parse(json), out var mistakes));
        Assert.Equal(path, Assert.Single(mistakes).Path);
    }

    [Fact]
    public void It_is_written_as_it_was_read()
    {
        var text =
            """{"id":"a","scope_kind":"provider","provider_id":"p","match_type":"exact","pattern":"m","request_types":["embedding"],"prices":{"input":0.10}}""";

        Assert.Equal(text, JsonSerializer.Serialize(Parse(text), PriceOverrideJson.Default.PriceOverrideDocument));
    }

    private static PriceOverride Good(string json)
    {
        var read = PriceOverrideReader.Read(Parse(json), out var mistakes);
        Assert.Equal([], mistakes.Select(mistake => mistake.ToString()));
        return read!;
    }

    private static PriceOverrideDocument Parse(string json) =>
        JsonSerializer.Deserialize(json, PriceOverrideJson.Default.PriceOverrideDocument)!;
}
