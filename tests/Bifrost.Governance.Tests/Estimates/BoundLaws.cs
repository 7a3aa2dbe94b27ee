using Bifrost.Core.Contracts;
using Bifrost.Governance.Estimates;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Prices;
using Bifrost.Governance.Tests.Prices;
using Bifrost.Wire.Canonical;
using CsCheck;

namespace Bifrost.Governance.Tests.Estimates;

/// <summary>What must hold of every estimate, whatever the prices.</summary>
public sealed class BoundLaws
{
    private static readonly Operation[] Sold =
    [
        Operation.Chat,
        Operation.Response,
        Operation.Embedding,
        Operation.ImageGeneration,
        Operation.VideoCreate,
    ];

    [Fact]
    public void No_call_within_its_caps_costs_more_than_its_bound() =>
        Gen.Select(Prices, Orders, Used)
            .Sample(
                (price, facts, used) =>
                {
                    var priced = Calls.Priced(price);
                    var estimate = Estimate.Of(priced, facts, Calls.At);
                    if (estimate.MostFixedCost is not { } most)
                    {
                        return;
                    }

                    var usage = Within(facts, price, estimate, used);
                    var cost = TrueCost.Of(priced, facts, new CallEnd(usage, 0, TimeSpan.FromSeconds(1), false, null), Calls.At);

                    Assert.True(
                        cost.Cost <= most + (estimate.MostPerOutputToken * usage.OutputTokens),
                        $"{cost.Cost} above the bound {estimate}"
                    );
                },
                iter: 20_000
            );

    [Fact]
    public void What_is_expected_is_within_the_bound() =>
        Gen.Select(Prices, Orders)
            .Sample(
                (price, facts) =>
                {
                    var estimate = Estimate.Of(Calls.Priced(price), facts, Calls.At);
                    if (estimate is { MostFixedCost: { } most, OutputCap: { } cap })
                    {
                        Assert.True(
                            estimate.ExpectedCost <= most + (estimate.MostPerOutputToken * cap * estimate.Choices),
                            estimate.ToString()
                        );
                    }
                },
                iter: 20_000
            );

    [Fact]
    public void A_longer_request_is_never_expected_or_bound_to_cost_less() =>
        Gen.Select(Prices, Orders, Gen.Long[0, 500_000])
            .Sample(
                (price, facts, more) =>
                {
                    var shorter = Estimate.Of(Calls.Priced(price), facts, Calls.At);
                    var longer = Estimate.Of(Calls.Priced(price), facts with { BodyBytes = facts.BodyBytes + more }, Calls.At);

                    Assert.True(longer.ExpectedCost >= shorter.ExpectedCost);
                    Assert.True((longer.MostFixedCost ?? long.MaxValue) >= (shorter.MostFixedCost ?? long.MaxValue));
                },
                iter: 20_000
            );

    [Fact]
    public void A_cost_is_rounded_up_once_for_the_whole_call() =>
        Gen.Select(Prices, Used)
            .Sample(
                (price, used) =>
                {
                    var exact = CostComputation.Of(price, used, Costs.Call);
                    var cost = TrueCost.Of(Calls.Priced(price), Calls.Facts(), new CallEnd(used, 0, TimeSpan.Zero, false, null), Calls.At);
                    if (exact is null || cost.Estimated)
                    {
                        return;
                    }

                    var nanos = Money.FromPicos((Int128)cost.Cost * 1_000);
                    Assert.True(nanos >= exact.Total && nanos - exact.Total < Money.FromPicos(1_000), $"{exact.Total} became {nanos}");
                }
            );

    private static Gen<Rate> Rates =>
        Gen.Select(Gen.Long[0, 80_000_000], Gen.Bool, Gen.Long[0, 100_000], Gen.Long[0, 80_000_000])
            .Select(
                (price, tiered, above, later) =>
                    tiered
                        ? new Rate(Money.FromPicos(price), [new RateTier(above, Money.FromPicos(price + later))])
                        : new Rate(Money.FromPicos(price))
            );

    private static Rate Doubled(Rate rate) => new(rate.Base * 2, [.. rate.Tiers.Select(tier => tier with { Price = tier.Price * 2 })]);

    private static Gen<ModelPrice> Prices =>
        Gen.Select(Rates.Array[RateKinds.Count], Gen.Int[0, (1 << 12) - 1], Gen.Bool, Gen.Long[1_000, 1_000_000])
            .Select(
                (rates, which, hasWindow, window) =>
                {
                    var given = rates
                        .Select((rate, kind) => KeyValuePair.Create((RateKind)kind, rate))
                        .Where(rate => (which >> (int)rate.Key & 1) == 1)
                        .ToList();
                    var dearer = given.Select(rate => KeyValuePair.Create(rate.Key, Doubled(rate.Value)));
                    return Costs.Price() with
                    {
                        Rules =
                        [
                            new PriceRule(PriceCondition.Always, given),
                            new PriceRule(
                                new PriceCondition { Qualifiers = new Dictionary<string, string> { ["quality"] = "high" } },
                                dearer
                            ),
                        ],
                        ContextWindow = hasWindow ? window : null,
                    };
                }
            );

    private static Gen<CallFacts> Orders =>
        Gen.Select(
                Gen.Int[0, Sold.Length - 1].Select(i => Sold[i]),
                Gen.Long[1, 400_000],
                Gen.Int[1, 4],
                Gen.Long[-1, 50_000],
                Gen.Bool,
                Gen.Int[0, 10],
                Gen.Bool
            )
            .Select(
                (operation, bytes, choices, cap, media, count, high) =>
                    Calls.Facts(operation, bytes) with
                    {
                        Choices = choices,
                        OutputCap = cap < 0 ? null : cap,
                        HasMedia = media,
                        Media = operation is Operation.ImageGeneration or Operation.VideoCreate
                            ? new MediaOrder
                            {
                                Count = operation == Operation.ImageGeneration ? Math.Max(1, count) : 0,
                                Seconds = count == 0 ? null : count,
                                Qualifiers = high ? new Dictionary<string, string> { ["quality"] = "high" } : [],
                            }
                            : null,
                    }
            );

    private static Gen<Usage> Used =>
        Gen.Select(
                Gen.Long[0, 1_000_000],
                Gen.Long[0, 300_000],
                Gen.Long[0, 300_000],
                Gen.Long[0, 300_000],
                Gen.Long[0, 300_000],
                Gen.Int[0, 12],
                Gen.Double[0, 200]
            )
            .Select(
                (input, read, write, audio, output, images, seconds) =>
                    new Usage
                    {
                        InputTokens = input,
                        CachedReadTokens = read,
                        CachedWriteTokens = write,
                        AudioInputTokens = audio,
                        ImageInputTokens = audio / 2,
                        OutputTokens = output,
                        ReasoningTokens = output / 3,
                        AudioOutputTokens = output / 5,
                        Images = images,
                        VideoSeconds = seconds,
                        ComputeSeconds = seconds,
                    }
            );

    /// <summary>The usage cut down to what the request allows.</summary>
    private static Usage Within(CallFacts facts, ModelPrice price, CallEstimate estimate, Usage used)
    {
        var input = facts.HasMedia ? price.ContextWindow ?? 0 : facts.BodyBytes + Estimate.InjectedTokens;
        var output = Estimate.MakesMedia(facts.Operation)
            ? Math.Min(used.OutputTokens, PictureTokens.Most * Math.Max(1, facts.Media!.Count))
            : Math.Min(used.OutputTokens, (estimate.OutputCap ?? long.MaxValue / 8) * facts.Choices);
        return used with
        {
            InputTokens = Math.Min(used.InputTokens, input),
            OutputTokens = output,
            Images = Math.Min(used.Images, facts.Media?.Count ?? 0),
            VideoSeconds = facts.Operation == Operation.VideoCreate ? Math.Min(used.VideoSeconds, OrderedSeconds.Most(facts) ?? 0) : 0,
            ComputeSeconds = Math.Min(used.ComputeSeconds, facts.Patience.TotalSeconds * facts.Runs),
        };
    }
}
