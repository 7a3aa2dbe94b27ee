using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Tests.Prices;

public sealed class ReplicateCostTests
{
    [Fact]
    public void Pictures_cost_by_the_picture() // 3 × 0.003
    {
        var usage = new Usage { Images = 3, ComputeSeconds = 1.2 };

        Assert.Equal("Image 0.009 = 0.009", Costs.Of("replicate", "black-forest-labs/flux-schnell", usage).Shown());
    }

    [Fact]
    public void Text_costs_by_the_token() // 0.05/0.25: 1,000 × 0.05 = 0.00005; 400 × 0.25 = 0.0001
    {
        var usage = new Usage
        {
            InputTokens = 1_000,
            OutputTokens = 400,
            ComputeSeconds = 2.5,
        };

        Assert.Equal("Input 0.00005, Output 0.0001 = 0.00015", Costs.Of("replicate", "meta/meta-llama-3-8b-instruct", usage).Shown());
    }

    [Theory]
    [InlineData("stability-ai/sdxl")]
    [InlineData("stability-ai/sdxl:7762fd07cf82c948538e41f63f77d685e02b063e37e496e96eefd46c929f9bdc")]
    public void Community_models_cost_by_the_second_of_their_hardware(string model) // 6.47 s × 0.000975 (L40S)
    {
        var usage = new Usage { Images = 1, ComputeSeconds = 6.47 };

        Assert.Equal("ComputeSecond 0.00630825 = 0.00630825", Costs.Of("replicate", model, usage).Shown());
    }

    [Fact]
    public void An_aborted_run_costs_nothing()
    {
        var aborted = Costs.Call with { Outcome = CallOutcome.Aborted };

        var cost = Costs.Of("replicate", "stability-ai/sdxl", new Usage { ComputeSeconds = 6.47 }, aborted);

        Assert.Equal(Money.Zero, cost.Total);
        Assert.Empty(cost.Lines);
    }

    [Fact]
    public void A_cancelled_run_pays_for_the_hardware_it_used() // 2 s × 0.000975
    {
        var canceled = Costs.Call with { Outcome = CallOutcome.Canceled };

        var cost = Costs.Of("replicate", "stability-ai/sdxl", new Usage { ComputeSeconds = 2 }, canceled);

        Assert.Equal("ComputeSecond 0.00195 = 0.00195", cost.Shown());
    }

    [Fact]
    public void A_failed_run_that_made_no_picture_costs_nothing_where_pictures_are_charged()
    {
        var failed = Costs.Call with { Outcome = CallOutcome.Failed };

        var cost = Costs.Of("replicate", "black-forest-labs/flux-schnell", new Usage { ComputeSeconds = 2 }, failed);

        Assert.Equal(Money.Zero, cost.Total);
    }

    [Fact]
    public void Video_costs_by_the_second_and_less_without_sound() // 8 s × 0.40; 8 s × 0.20
    {
        var usage = new Usage { VideoSeconds = 8 };

        Assert.Equal("VideoSecond 3.2 = 3.2", Costs.Of("replicate", "google/veo-3.1", usage).Shown());
        Assert.Equal("VideoSecond 3.2 = 3.2", Costs.Of("replicate", "google/veo-3.1", usage, Costs.With("audio", "true")).Shown());
        Assert.Equal("VideoSecond 1.6 = 1.6", Costs.Of("replicate", "google/veo-3.1", usage, Costs.With("audio", "false")).Shown());
    }

    [Fact]
    public void Pictures_of_a_larger_size_have_their_own_price() // 2 × 0.15; 2 × 0.30
    {
        var usage = new Usage { Images = 2 };

        Assert.Equal("0.3", Costs.Of("replicate", "google/nano-banana-pro", usage).Total.ToString());
        Assert.Equal("0.6", Costs.Of("replicate", "google/nano-banana-pro", usage, Costs.With("resolution", "4k")).Total.ToString());
    }

    [Fact]
    public void Some_models_cost_by_the_run()
    {
        Assert.Equal("Request 0.5 = 0.5", Costs.Of("replicate", "minimax/video-01", new Usage { VideoSeconds = 6 }).Shown());
    }

    [Theory]
    [InlineData("gpu-l40s-2x")]
    [InlineData("gpu-2x-l40s")]
    public void A_deployment_costs_by_its_hardware(string sku) // 10 s × 0.00195
    {
        var price = PriceCatalogue.Embedded.FindHardware(sku);

        var cost = CostComputation.Of(price, new Usage { ComputeSeconds = 10 }, Costs.Call);

        Assert.Equal("ComputeSecond 0.0195 = 0.0195", cost?.Shown());
    }

    [Fact]
    public void Unknown_hardware_and_unknown_models_have_no_price()
    {
        Assert.Null(PriceCatalogue.Embedded.FindHardware("gpu-of-tomorrow"));
        Assert.Null(PriceCatalogue.Embedded.Find("replicate", "somebody/something"));
    }
}
