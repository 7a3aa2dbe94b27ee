using Bifrost.Core.Contracts;
using Bifrost.Governance.Estimates;
using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Tests.Estimates;

/// <summary>What a call that is over costs with the prices that hold now, from nothing but a record of it.</summary>
public sealed class PastCostTests
{
    private static readonly DateTimeOffset At = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly Usage Some = new() { InputTokens = 1000, OutputTokens = 100 };

    private readonly Costing _costing = new(PriceCatalogue.Embedded);

    [Fact]
    public void A_chat_costs_its_tokens() // gpt-4o-mini: 0.15/0.60
    {
        var cost = Of(Chat("gpt-4o-mini"));

        Assert.Null(cost.Doubt);
        Assert.Equal(210_000, cost.Charge!.Nanodollars);
        Assert.Equal(["input", "output"], cost.Charge.Lines.Select(l => l.Meter));
        Assert.Equal(PriceCatalogue.Embedded.Find("openai", "gpt-4o-mini")!.Version, cost.Charge.PriceVersion);
    }

    [Fact]
    public void A_price_that_was_set_since_holds()
    {
        Set("gpt-4o-mini", new() { ["input"] = 1 });
        var cost = Of(Chat("gpt-4o-mini"));
        Assert.Equal(1_000_000 + 60_000, cost.Charge!.Nanodollars);
        Assert.EndsWith("+override:set", cost.Charge.PriceVersion, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_without_a_price_has_no_cost_and_not_none() => Assert.Equal(PastDoubt.NoPrice, Of(Chat("nobody-knows-it")).Doubt);

    [Fact]
    public void What_failed_before_it_used_anything_is_free()
    {
        Assert.Equal(0, Of(Chat("gpt-4o-mini") with { Usage = new Usage(), Failed = true }).Charge!.Nanodollars);
        Assert.Equal(210_000, Of(Chat("gpt-4o-mini") with { Failed = true }).Charge!.Nanodollars);
    }

    [Fact]
    public void What_nobody_sells_is_free() =>
        Assert.Equal(0, Of(new PastCall("openai", "", Operation.FileList, At, new Usage())).Charge!.Nanodollars);

    [Fact]
    public void Films_depend_on_settings_that_records_do_not_keep() =>
        Assert.Equal(
            PastDoubt.Settings,
            Of(new PastCall("replicate", "google/veo-3.1", Operation.VideoCreate, At, new Usage { VideoSeconds = 8 })).Doubt
        );

    [Fact]
    public void A_deployment_depends_on_its_machine() =>
        Assert.Equal(
            PastDoubt.Hardware,
            Of(new PastCall("replicate", "deployments/acme/flux", Operation.ImageGeneration, At, new Usage { ComputeSeconds = 3 })).Doubt
        );

    [Fact]
    public void Sound_that_may_be_in_or_out_is_not_guessed_and_what_was_heard_is_in()
    {
        Set(
            "speaks",
            new()
            {
                ["input"] = 1,
                ["output"] = 2,
                ["input_audio"] = 10,
            }
        );
        var spoken = Chat("speaks") with { AudioTokens = 50 };
        Assert.Equal(PastDoubt.Quantities, Of(spoken).Doubt);
        Assert.Null(Of(spoken with { AudioTokens = 0 }).Doubt);
        var heard = Of(spoken with { Operation = Operation.Transcription });
        Assert.Equal((950 * 1_000) + (50 * 10_000) + (100 * 2_000), heard.Charge!.Nanodollars);
    }

    private PastCost Of(PastCall call) => _costing.CostOf(call, null);

    private void Set(string model, Dictionary<string, decimal> rates)
    {
        Assert.True(ModelPattern.TryParse(model, out var pattern));
        var read = PriceOverride.ReadRates(rates, out _);
        _costing.Use(
            new PriceOverrides([
                new PriceOverride
                {
                    Id = "set",
                    Model = pattern!,
                    Rates = read!,
                },
            ]),
            PricePolicy.AllowAndFlag
        );
    }

    private static PastCall Chat(string model) => new("openai", model, Operation.Chat, At, Some);
}
