using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Tests.Prices;

public sealed class PriceOverrideTests
{
    private static readonly PriceScope Scope = new("openai", ProviderKey: "key-1", VirtualKey: "vk-1");
    private static readonly ModelPrice? Listed = PriceCatalogue.Embedded.Find("openai", "gpt-5");
    private static readonly Usage Million = new() { InputTokens = 1_000_000, OutputTokens = 1_000_000 };

    [Fact]
    public void A_rate_replaces_its_own_kind_and_no_other() // gpt-5: 1.25/10, input now 1
    {
        var price = Apply(Override("a", "gpt-5", 1m));

        Assert.Equal("Input 1, Output 10 = 11", CostComputation.Of(price, Million, Costs.Call)?.Shown());
        Assert.EndsWith("+override:a", price!.Version, StringComparison.Ordinal);
        Assert.Equal("override", price.Source);
    }

    [Fact]
    public void A_rate_holds_for_every_size_of_input()
    {
        var price = new PriceOverrides([Override("a", "gpt-5.4", 1m)]).Apply(
            PriceCatalogue.Embedded.Find("openai", "gpt-5.4"),
            Scope,
            "gpt-5.4"
        );

        Assert.Equal("1", CostComputation.Of(price, new Usage { InputTokens = 1_000_000 }, Costs.Call)?.Total.ToString());
    }

    [Fact]
    public void Zero_is_a_price() => Assert.Equal("Input 0, Output 10 = 10", Cost(Override("a", "gpt-5", 0m)));

    [Fact]
    public void A_model_without_a_price_gets_one()
    {
        var overrides = new PriceOverrides([Override("a", "*", 3m)]);

        var price = overrides.Apply(null, Scope, "mystery");

        Assert.Equal("3", CostComputation.Of(price, new Usage { InputTokens = 1_000_000 }, Costs.Call)?.Total.ToString());
        Assert.Equal("override:a", price!.Version);
    }

    [Fact]
    public void Without_an_override_that_applies_all_stays_as_it_was()
    {
        Assert.Same(Listed, Apply(Override("a", "gpt-4", 1m)));
        Assert.Same(Listed, Apply(Override("a", "gpt-5", 1m) with { Provider = "azure" }));
        Assert.Same(Listed, Apply(Override("a", "gpt-5", 1m) with { ProviderKey = "key-2" }));
        Assert.Same(Listed, Apply(Override("a", "gpt-5", 1m) with { VirtualKey = "vk-2" }));
        Assert.Same(Listed, Apply(Override("a", "gpt-5", 1m) with { Rates = new Dictionary<RateKind, Rate>() }));
        Assert.Null(new PriceOverrides([]).Apply(null, Scope, "mystery"));
    }

    [Fact]
    public void The_narrowest_scope_wins()
    {
        PriceOverride[] fromWideToNarrow =
        [
            Override("1", "gpt-5", 1m),
            Override("2", "*", 2m) with
            {
                Provider = "openai",
            },
            Override("3", "*", 3m) with
            {
                ProviderKey = "key-1",
            },
            Override("4", "*", 4m) with
            {
                VirtualKey = "vk-1",
            },
            Override("5", "*", 5m) with
            {
                VirtualKey = "vk-1",
                Provider = "openai",
            },
            Override("6", "*", 6m) with
            {
                VirtualKey = "vk-1",
                ProviderKey = "key-1",
            },
        ];

        for (var count = 1; count <= fromWideToNarrow.Length; count++)
        {
            Assert.EndsWith($"+override:{count}", Apply([.. fromWideToNarrow.Take(count).Reverse()])!.Version, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void In_one_scope_the_pattern_that_says_most_wins_and_then_the_later_one()
    {
        PriceOverride[] rising =
        [
            Override("1", "/^gpt-5$/", 1m),
            Override("2", "*", 2m),
            Override("3", "gpt*", 3m),
            Override("4", "gpt-*", 4m),
            Override("5", "gpt-5", 5m),
            Override("6", "GPT-5", 6m),
        ];

        for (var count = 1; count <= rising.Length; count++)
        {
            Assert.EndsWith($"+override:{count}", Apply([.. rising.Take(count)])!.Version, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Rates_are_entered_per_million_tokens_and_every_mistake_is_named()
    {
        var good = PriceOverride.ReadRates([new("output", 0.4m), new("image", 0.04m)], out var none);
        var bad = PriceOverride.ReadRates(
            [new("ouput", 1m), new("input", -1m), new("output", 0.0000001m), new("image", 1m)],
            out var mistakes
        );

        Assert.Equal(400_000, (long)good![RateKind.Output].Base.Picos);
        Assert.Equal(40_000_000_000, (long)good[RateKind.Image].Base.Picos);
        Assert.Empty(none);
        Assert.Null(bad);
        Assert.Equal(3, mistakes.Count);
    }

    private static PriceOverride Override(string id, string pattern, decimal input)
    {
        Assert.True(ModelPattern.TryParse(pattern, out var model));
        return new PriceOverride
        {
            Id = id,
            Model = model,
            Rates = PriceOverride.ReadRates([new("input", input)], out _)!,
        };
    }

    private static ModelPrice? Apply(params PriceOverride[] overrides) => new PriceOverrides(overrides).Apply(Listed, Scope, "gpt-5");

    private static string? Cost(PriceOverride applied) => CostComputation.Of(Apply(applied), Million, Costs.Call)?.Shown();
}
