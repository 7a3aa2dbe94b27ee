using Bifrost.Core.Contracts;
using Bifrost.Governance.Estimates;
using Bifrost.Governance.Prices;
using Bifrost.Governance.Tests.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Tests.Estimates;

/// <summary>From a request as it comes in and a target to money.</summary>
public sealed class CostingTests
{
    private const string Chat = """{"model":"m","messages":[{"role":"user","content":"hello there"}],"max_tokens":100,"n":2}""";

    private readonly Costing _costing = new(PriceCatalogue.Embedded);

    [Fact]
    public async Task A_chat_is_bounded_by_its_bytes_and_its_caps() // gpt-4o: 2.50/10; audio has no rate of its own here
    {
        var exchange = await Calls.PostAsync("/v1/chat/completions", Chat);

        var estimate = _costing.Estimate(exchange, Calls.To("openai", "gpt-4o", exchange), Calls.At);

        Assert.Equal((Chat.Length + 1_024) * 2_500L, estimate.MostFixedCost);
        Assert.Equal(
            (10_000, 2, 100L, true, false),
            (estimate.MostPerOutputToken, estimate.Choices, estimate.OutputCap, estimate.CanLowerCap, estimate.Unpriced)
        );
        var input = (Chat.Length + 3) / 4;
        Assert.Equal((input + 200, (input * 2_500) + (200 * 10_000)), (estimate.ExpectedTokens, estimate.ExpectedCost));
    }

    [Fact]
    public async Task What_is_only_named_is_bounded_by_the_context_window() // gpt-4o: 128,000, and a twentieth for rounding
    {
        var exchange = await Calls.PostAsync(
            "/v1/chat/completions",
            """{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}]}]}"""
        );

        Assert.Equal(134_400L * 2_500, _costing.Estimate(exchange, Calls.To("openai", "gpt-4o", exchange), Calls.At).MostFixedCost);
        Assert.Null(_costing.Estimate(exchange, Calls.To("openai", "chatgpt-4o-latest", exchange), Calls.At).MostFixedCost);
    }

    [Fact]
    public async Task Pictures_cost_their_number() // flux-schnell: 0.003
    {
        var exchange = await Calls.PostAsync("/v1/images/generations", """{"model":"m","prompt":"a fox","n":4}""");

        var estimate = _costing.Estimate(exchange, Calls.To("replicate", "black-forest-labs/flux-schnell", exchange), Calls.At);

        Assert.Equal((12_000_000, 12_000_000L, 0L), (estimate.ExpectedCost, estimate.MostFixedCost, estimate.OutputCap));
    }

    [Fact]
    public async Task Films_cost_their_seconds_and_settings() // veo-3.1: 0.40, without sound 0.20; a longer film than asked for may be made
    {
        var exchange = await Calls.PostAsync("/v1/videos", """{"model":"m","prompt":"a fox","seconds":"6","generate_audio":false}""");

        var estimate = _costing.Estimate(exchange, Calls.To("replicate", "google/veo-3.1", exchange), Calls.At);

        Assert.Equal((1_200_000_000, 4_800_000_000L), (estimate.ExpectedCost, estimate.MostFixedCost));
    }

    [Theory]
    [InlineData("deployments/acme/mine", 122_000_000, true)] // 10 s × 0.0122, the dearest there is
    [InlineData(Calls.PinnedVersion, 15_250_000, true)] // 10 s × 0.001525, the dearest single machine
    [InlineData("deployments/acme/known", 2_250_000, false)] // 10 s × 0.000225, as the key says
    public async Task Unlisted_replicate_models_cost_their_hardware(string model, long expected, bool estimated)
    {
        var exchange = await Calls.PostAsync("/v1/chat/completions", Chat.Replace(",\"n\":2", "", StringComparison.Ordinal));
        var target = Calls.To("replicate", model, exchange);

        Assert.Equal(expected, _costing.Estimate(exchange, target, Calls.At).ExpectedCost);
        exchange.Usage = new Usage { ComputeSeconds = 10 };
        var cost = _costing.CostOf(exchange, target, null, Calls.At);
        Assert.Equal((expected, estimated), (cost.Cost, cost.Estimated));
    }

    [Theory]
    [InlineData("openai", "gpt-4o", false)]
    [InlineData("work-openai", "gpt-4o", false)] // a name of the operator's, OpenAI's own address
    [InlineData("elsewhere", "gpt-4o", true)] // somebody else's server: unpriced rather than wrong
    [InlineData("groq", "llama-3.3-70b-versatile", false)] // known by the operator's name for it
    [InlineData("openai", "a-model-of-tomorrow", true)]
    [InlineData("replicate", "acme/unlisted", true)] // may be an official model, sold by what it makes
    public async Task A_wrong_price_is_worse_than_none(string provider, string model, bool unpriced)
    {
        var exchange = await Calls.PostAsync("/v1/chat/completions", Chat);

        var estimate = _costing.Estimate(exchange, Calls.To(provider, model, exchange), Calls.At);

        Assert.Equal(unpriced, estimate.Unpriced);
        Assert.Equal(unpriced, estimate.MostFixedCost is null);
    }

    [Fact]
    public async Task An_edit_of_the_prices_holds_from_the_next_call_on()
    {
        var exchange = await Calls.PostAsync("/v1/chat/completions", Chat);
        var target = Calls.To("elsewhere", "local", exchange);
        exchange.Usage = new Usage { InputTokens = 10, OutputTokens = 1 };
        Assert.True(_costing.CostOf(exchange, target, null, Calls.At).Unpriced);

        _costing.Use(new PriceOverrides([Override("elsewhere")]), PricePolicy.Refuse);

        var cost = _costing.CostOf(exchange, target, null, Calls.At);
        Assert.Equal((11_000, false, "override:mine"), (cost.Cost, cost.Unpriced, cost.PriceVersion));
        Assert.Equal(PricePolicy.Refuse, _costing.Policy);
    }

    [Fact]
    public async Task Questions_after_jobs_are_free()
    {
        var exchange = await Calls.PostAsync("/v1/responses/resp_1/cancel", "{}");
        exchange.Usage = new Usage { InputTokens = 10, OutputTokens = 1 };
        var target = new Target(
            Calls.World.Providers["openai"],
            new CarriedOffer(exchange.Operation, null!),
            "",
            Core.World.ProviderModel.NoKey,
            Lane.Verbatim
        );

        Assert.Equal(0, _costing.Estimate(exchange, target, Calls.At).MostFixedCost);
        Assert.Equal(CallCost.Nothing, _costing.CostOf(exchange, target, null, Calls.At));
    }

    [Fact]
    public async Task A_model_asked_for_again_allocates_nothing()
    {
        var exchange = await Calls.PostAsync("/v1/chat/completions", Chat);
        var target = Calls.To("openai", "gpt-4o", exchange);
        exchange.Usage = new Usage { InputTokens = 10, OutputTokens = 1 };
        long sum = 0;
        for (var i = 0; i < 200; i++)
        {
            sum += Once();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            sum += Once();
        }

        // The expected usage is one small object; nothing else is made.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100 * 200);
        Assert.True(sum > 0);

        long Once() => _costing.Estimate(exchange, target, Calls.At).ExpectedCost + _costing.CostOf(exchange, target, null, Calls.At).Cost;
    }

    private static PriceOverride Override(string provider) =>
        new()
        {
            Id = "mine",
            Provider = provider,
            Model = Any,
            Rates = new Dictionary<RateKind, Rate>
            {
                [RateKind.Input] = new(Money.FromPicos(1_000_000)),
                [RateKind.Output] = new(Money.FromPicos(1_000_000)),
            },
        };

    private static ModelPattern Any => ModelPattern.TryParse("*", out var any) ? any : throw new InvalidOperationException();
}
