using Bifrost.Core.Contracts;
using Bifrost.Governance.Estimates;
using Bifrost.Governance.Prices;
using Bifrost.Governance.Tests.Prices;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance.Tests.Estimates;

/// <summary>Which ends of a call cost money.</summary>
public sealed class TrueCostTests
{
    // 1,000 and 2,000 nanodollars for a token in and out.
    private static readonly ModelPrice ByToken = Costs.Price((RateKind.Input, 1_000_000), (RateKind.Output, 2_000_000));

    [Fact]
    public void A_served_call_costs_its_usage() // 10 × 1,000 + 5 × 2,000
    {
        var cost = Of(ByToken, new Usage { InputTokens = 10, OutputTokens = 5 }, null);

        Assert.Equal((20_000, 15, false, false), (cost.Cost, cost.Tokens, cost.Estimated, cost.Unpriced));
        Assert.Equal("test", cost.PriceVersion);
        Assert.Equal([RateKind.Input, RateKind.Output], cost.Lines().Select(line => line.Kind));
    }

    [Fact]
    public void Served_without_usage_it_is_estimated_from_the_bytes() // 1,000 B / 4 × 1,000 + 100 B / 4 × 2,000
    {
        var cost = Of(ByToken, null, null, outputBytes: 100);

        Assert.Equal((300_000, 275, true), (cost.Cost, cost.Tokens, cost.Estimated));
    }

    [Theory]
    [InlineData(FaultKind.UpstreamRejected)]
    [InlineData(FaultKind.UpstreamRateLimited)]
    [InlineData(FaultKind.UpstreamUnavailable)]
    [InlineData(FaultKind.UpstreamOverloaded)]
    [InlineData(FaultKind.UpstreamCredential)]
    [InlineData(FaultKind.UpstreamCredit)]
    [InlineData(FaultKind.Unreachable)]
    [InlineData(FaultKind.ContentPolicy)]
    [InlineData(FaultKind.ModelNotFound)]
    [InlineData(FaultKind.UnsupportedParameter)]
    public void Refused_calls_are_free(FaultKind kind) => Assert.Equal(CallCost.Nothing, Of(ByToken, null, new Fault(kind, "no")));

    [Theory]
    [InlineData(FaultKind.Timeout, 504)]
    [InlineData(FaultKind.UpstreamError, 500)]
    [InlineData(FaultKind.UpstreamDown, 503)]
    public void An_error_status_is_free(FaultKind kind, int status) =>
        Assert.Equal(CallCost.Nothing, Of(ByToken, null, new Fault(kind, "no") { UpstreamStatus = status }));

    [Theory]
    [InlineData(FaultKind.Timeout)]
    [InlineData(FaultKind.CallerLeft)]
    [InlineData(FaultKind.UpstreamError)]
    [InlineData(FaultKind.UpstreamDown)]
    [InlineData(FaultKind.UpstreamInvalid)]
    [InlineData(FaultKind.GatewayBug)]
    [InlineData(FaultKind.ShuttingDown)]
    [InlineData(FaultKind.BudgetExceeded)]
    public void Cut_off_calls_pay_for_their_input_and_the_output_so_far(FaultKind kind)
    {
        var fault = new Fault(kind, "cut");

        Assert.Equal((250_000, true), (Of(ByToken, null, fault).Cost, Of(ByToken, null, fault).Estimated));
        Assert.Equal(270_000, Of(ByToken, null, fault, outputBytes: 40).Cost);
    }

    [Fact]
    public void A_stream_that_breaks_has_run_whatever_broke_it() =>
        Assert.Equal(252_000, Of(ByToken, null, new Fault(FaultKind.UpstreamOverloaded, "broke"), outputBytes: 1).Cost);

    [Fact]
    public void A_failed_call_with_usage_pays_for_it_but_not_for_the_call_as_such()
    {
        var price = Costs.Price((RateKind.Input, 1_000_000), (RateKind.Request, 5_000_000_000));
        var fault = new Fault(FaultKind.UpstreamError, "no") { Code = "prediction_failed" };

        Assert.Equal(10_000, Of(price, new Usage { InputTokens = 10 }, fault).Cost);
    }

    [Fact]
    public void A_failed_prediction_pays_for_its_seconds() // 3 s × 1,000
    {
        var fault = new Fault(FaultKind.UpstreamError, "no") { Code = "prediction_failed" };

        Assert.Equal((3_000, false), Paid(Of(ByHardware, new Usage { ComputeSeconds = 3 }, fault)));
    }

    [Fact]
    public void A_prediction_that_never_started_is_free()
    {
        var aborted = new Fault(FaultKind.Timeout, "late") { NeverRan = true };

        Assert.Equal((0, false), Paid(Of(ByHardware, new Usage(), aborted)));
    }

    [Fact]
    public void Seconds_that_nobody_reports_are_the_time_that_passed() => // 7 s × 1,000
        Assert.Equal((7_000, true), Paid(Of(ByHardware, new Usage { InputTokens = 4 }, null)));

    [Fact]
    public void A_guess_of_ours_at_the_hardware_makes_the_cost_an_estimate() =>
        Assert.Equal((3_000, true), Paid(Of(ByHardware with { Assumed = true }, new Usage { ComputeSeconds = 3 }, null)));

    [Fact]
    public void A_film_is_charged_when_it_is_ordered() // 6 s × 100,000,000
    {
        var facts = Calls.Facts(Operation.VideoCreate) with { Media = new MediaOrder { Seconds = 6 } };

        Assert.Equal((600_000_000, true), Paid(Of(Costs.Price((RateKind.VideoSecond, 100_000_000_000)), null, null, facts: facts)));
    }

    [Fact]
    public void A_response_in_the_background_is_charged_what_was_expected() // 250 × 1,000 + 1,000 × 2,000
    {
        var facts = Calls.Facts(Operation.Response);

        Assert.Equal((2_250_000, true), Paid(Of(ByToken, null, null, outputBytes: 400, facts: facts)));
    }

    [Fact]
    public void Embeddings_have_no_output_however_long_their_vectors() =>
        Assert.Equal(250_000, Of(ByToken, null, null, outputBytes: 30_000, facts: Calls.Facts(Operation.Embedding)).Cost);

    [Fact]
    public void Without_a_price_the_cost_is_unknown_and_the_usage_kept()
    {
        var cost = Of(null, new Usage { InputTokens = 10, OutputTokens = 5 }, null);

        Assert.Equal((0, 15, true), (cost.Cost, cost.Tokens, cost.Unpriced));
        Assert.False(Of(null, null, new Fault(FaultKind.Unreachable, "no")).Unpriced);
    }

    [Fact]
    public void Tokens_of_a_kind_without_a_price_leave_the_cost_unpriced()
    {
        var cost = Of(Costs.Price((RateKind.Input, 1_000_000)), new Usage { InputTokens = 10, OutputTokens = 5 }, null);

        Assert.Equal((10_000, true), (cost.Cost, cost.Unpriced));
    }

    [Fact]
    public void A_started_nanodollar_counts_whole_and_lines_stay_exact()
    {
        var cost = Of(Costs.Price((RateKind.Input, 1), (RateKind.Output, 1)), new Usage { InputTokens = 1, OutputTokens = 1 }, null);

        Assert.Equal(1, cost.Cost);
        Assert.Equal(Money.FromPicos(2), cost.Lines().Aggregate(Money.Zero, (sum, line) => sum + line.Amount));
    }

    [Fact]
    public void Expectations_follow_what_calls_have_used()
    {
        var priced = Calls.Priced(ByToken);
        var facts = Calls.Facts();
        for (var i = 0; i < 200; i++)
        {
            TrueCost.Of(
                priced,
                facts,
                new CallEnd(new Usage { InputTokens = 500, OutputTokens = 40 }, 0, TimeSpan.Zero, false, null),
                Calls.At
            );
        }

        // 500 × 1,000 + 40 × 2,000.
        Assert.InRange(Estimate.Of(priced, facts, Calls.At).ExpectedCost, 580_000, 583_000);
    }

    private static readonly ModelPrice ByHardware = Costs.Price((RateKind.ComputeSecond, 1_000_000));

    private static (long, bool) Paid(CallCost cost) => (cost.Cost, cost.Estimated);

    private static CallCost Of(ModelPrice? price, Usage? usage, Fault? fault, long outputBytes = 0, CallFacts? facts = null) =>
        TrueCost.Of(
            Calls.Priced(price),
            facts ?? Calls.Facts(),
            new CallEnd(usage, outputBytes, TimeSpan.FromSeconds(7), facts is null, fault),
            Calls.At
        );
}
