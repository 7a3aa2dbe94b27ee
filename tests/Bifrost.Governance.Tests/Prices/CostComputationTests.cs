using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;
using CsCheck;

namespace Bifrost.Governance.Tests.Prices;

public sealed class CostComputationTests
{
    private static readonly ModelPrice EveryRate = Costs.Price(
        (RateKind.Input, 2_000_000),
        (RateKind.CacheRead, 200_000),
        (RateKind.CacheWrite, 2_500_000),
        (RateKind.InputAudio, 9_000_000),
        (RateKind.InputImage, 3_000_000),
        (RateKind.Output, 8_000_000),
        (RateKind.Reasoning, 7_000_000),
        (RateKind.OutputAudio, 20_000_000),
        (RateKind.Image, 3_000_000_000),
        (RateKind.VideoSecond, 400_000_000_000),
        (RateKind.ComputeSecond, 975_000_000)
    );

    private static readonly Gen<long> Tokens = Gen.Long[0, 2_000_000];

    private static readonly Gen<Usage> AnyUsage = Gen.Select(Tokens.Array[8], Gen.Int[0, 10], Gen.Int[0, 60_000], Gen.Int[0, 60_000])
        .Select(
            (tokens, images, video, compute) =>
                new Usage
                {
                    InputTokens = tokens[0],
                    CachedReadTokens = tokens[1],
                    CachedWriteTokens = tokens[2],
                    AudioInputTokens = tokens[3],
                    ImageInputTokens = tokens[4],
                    OutputTokens = tokens[5],
                    ReasoningTokens = tokens[6],
                    AudioOutputTokens = tokens[7],
                    Images = images,
                    VideoSeconds = video / 1000.0,
                    ComputeSeconds = compute / 1000.0,
                }
        );

    [Fact]
    public void A_cost_is_the_sum_of_its_lines_and_no_line_is_negative() =>
        AnyUsage.Sample(usage =>
        {
            var cost = CostComputation.Of(EveryRate, usage, Costs.Call);
            return cost is null
                || (
                    cost.Lines.All(line => line.Amount >= Money.Zero)
                    && cost.Total == cost.Lines.Aggregate(Money.Zero, (sum, line) => sum + line.Amount)
                );
        });

    [Fact]
    public void Every_token_is_charged_once() =>
        AnyUsage.Sample(usage =>
        {
            var tokens = TokensIn(CostComputation.Of(EveryRate, usage, Costs.Call));
            return tokens == usage.InputTokens + usage.OutputTokens;
        });

    [Fact]
    public void Two_calls_cost_what_they_cost_together() =>
        Gen.Select(Whole, Whole)
            .Sample(
                (one, two) =>
                    Total(one) + Total(two)
                    == Total(
                        new Usage
                        {
                            InputTokens = one.InputTokens + two.InputTokens,
                            CachedReadTokens = one.CachedReadTokens + two.CachedReadTokens,
                            OutputTokens = one.OutputTokens + two.OutputTokens,
                            Images = one.Images + two.Images,
                            VideoSeconds = one.VideoSeconds + two.VideoSeconds,
                        }
                    )
            );

    [Fact]
    public void More_of_anything_never_costs_less() =>
        Gen.Select(AnyUsage, Gen.Long[0, 1_000], Gen.Int[0, 3])
            .Sample(
                (usage, tokens, more) =>
                    Total(usage)
                    <= Total(
                        usage with
                        {
                            InputTokens = usage.InputTokens + tokens,
                            OutputTokens = usage.OutputTokens + tokens,
                            Images = usage.Images + more,
                            VideoSeconds = usage.VideoSeconds + more,
                            ComputeSeconds = usage.ComputeSeconds + more,
                        }
                    )
            );

    [Fact]
    public void Counts_that_cannot_be_are_bounded_by_the_whole()
    {
        var usage = new Usage
        {
            InputTokens = 10,
            CachedReadTokens = 500,
            CachedWriteTokens = -3,
            OutputTokens = -1,
            Images = -2,
            VideoSeconds = double.NaN,
            ComputeSeconds = double.NegativeInfinity,
        };

        Assert.Equal("CacheRead 0.000002 = 0.000002", CostComputation.Of(EveryRate, usage, Costs.Call)?.Shown());
    }

    [Fact]
    public void Without_a_price_there_is_no_cost() => AnyUsage.Sample(usage => CostComputation.Of(null, usage, Costs.Call) is null);

    [Fact]
    public void What_the_price_says_nothing_about_has_no_cost_rather_than_none()
    {
        var byPicture = Costs.Price((RateKind.Image, 3_000_000_000));

        Assert.Null(CostComputation.Of(byPicture, new Usage { ComputeSeconds = 4 }, Costs.Call));
    }

    [Fact]
    public void Tokens_without_a_rate_make_a_cost_incomplete()
    {
        var inputOnly = Costs.Price((RateKind.Input, 2_000_000));

        Assert.True(CostComputation.Of(inputOnly, new Usage { InputTokens = 1, OutputTokens = 1 }, Costs.Call)!.Incomplete);
        Assert.False(CostComputation.Of(inputOnly, new Usage { InputTokens = 1 }, Costs.Call)!.Incomplete);
    }

    [Fact]
    public void Tokens_that_went_into_a_picture_are_paid_with_it()
    {
        var byPicture = Costs.Price((RateKind.Image, 3_000_000_000));

        Assert.False(CostComputation.Of(byPicture, new Usage { InputTokens = 20, Images = 1 }, Costs.Call)!.Incomplete);
    }

    [Fact]
    public void A_free_model_costs_zero_and_says_so_with_its_lines()
    {
        var cost = Costs.Of("openrouter", "agentica-org/deepcoder-14b-preview:free", new Usage { InputTokens = 5, OutputTokens = 7 });

        Assert.Equal("Input 0, Output 0 = 0", cost.Shown());
    }

    [Fact]
    public void A_cost_says_whether_it_is_estimated_and_by_which_prices()
    {
        var cost = Costs.Of("openai", "gpt-5", new Usage { InputTokens = 1, Estimated = true });

        Assert.True(cost.Estimated);
        Assert.Equal(PriceCatalogue.Embedded.Version, cost.PriceVersion);
        Assert.Equal(Money.FromPicos(1_250_000), cost[RateKind.Input]);
        Assert.Equal(Money.Zero, cost[RateKind.Output]);
    }

    [Fact]
    public void A_part_of_a_picodollar_counts_whole()
    {
        var price = Costs.Price((RateKind.ComputeSecond, 1));

        Assert.Equal(Money.FromPicos(1), CostComputation.Of(price, new Usage { ComputeSeconds = 0.000_001 }, Costs.Call)?.Total);
    }

    private static Gen<Usage> Whole =>
        Gen.Select(Tokens, Tokens, Tokens, Gen.Int[0, 20], Gen.Int[1, 20])
            .Select(
                (fresh, cached, output, images, video) =>
                    new Usage
                    {
                        InputTokens = fresh + cached,
                        CachedReadTokens = cached,
                        OutputTokens = output,
                        Images = images,
                        VideoSeconds = video,
                    }
            );

    private static Money Total(Usage usage) => CostComputation.Of(EveryRate, usage, Costs.Call)?.Total ?? Money.Zero;

    private static long TokensIn(Cost? cost) =>
        cost is null
            ? 0
            : (long)
                cost
                    .Lines.Where(line => RateKinds.IsTokens(line.Kind))
                    .Aggregate(Int128.Zero, (sum, line) => sum + line.Micros / 1_000_000);
}
