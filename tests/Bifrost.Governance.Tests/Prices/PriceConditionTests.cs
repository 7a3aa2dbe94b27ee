using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Tests.Prices;

public sealed class PriceConditionTests
{
    private static readonly ModelPrice BySizeAndQuality = Costs.Price() with
    {
        Rules =
        [
            Picture(40, []),
            Picture(80, new() { ["size"] = "1792x1024" }),
            Picture(80, new() { ["quality"] = "hd" }),
            Picture(120, new() { ["size"] = "1792x1024", ["quality"] = "hd" }),
        ],
    };

    [Theory]
    [InlineData(null, null, "0.08")] // 2 × 0.04
    [InlineData("1024x1024", "standard", "0.08")]
    [InlineData("1792x1024", "standard", "0.16")]
    [InlineData("1024x1024", "HD", "0.16")]
    [InlineData("1792x1024", "hd", "0.24")]
    public void Pictures_are_priced_by_size_and_quality(string? size, string? quality, string cost)
    {
        var qualifiers = new Dictionary<string, string>();
        if (size is not null && quality is not null)
        {
            qualifiers["size"] = size;
            qualifiers["quality"] = quality;
        }

        var call = Costs.Call with { Qualifiers = qualifiers };

        Assert.Equal(cost, CostComputation.Of(BySizeAndQuality, new Usage { Images = 2 }, call)?.Total.ToString());
    }

    [Theory]
    [InlineData("21:59", false)]
    [InlineData("22:00", true)]
    [InlineData("00:00", true)]
    [InlineData("05:59", true)]
    [InlineData("06:00", false)]
    public void Hours_may_go_through_midnight_and_are_UTC(string time, bool holds)
    {
        var night = new PriceCondition { Daily = (new TimeOnly(22, 0), new TimeOnly(6, 0)) };
        var utc = new DateTimeOffset(new DateOnly(2026, 8, 15), TimeOnly.ParseExact(time, "HH:mm", null), TimeSpan.Zero);

        Assert.Equal(holds, night.Holds(Costs.Call with { At = utc }));
        Assert.Equal(holds, night.Holds(Costs.Call with { At = utc.ToOffset(TimeSpan.FromHours(9)) }));
    }

    private static PriceRule Picture(long thousandths, Dictionary<string, string> qualifiers) =>
        new(
            new PriceCondition { Qualifiers = qualifiers },
            [KeyValuePair.Create(RateKind.Image, new Rate(Money.FromPicos(thousandths * 1_000_000_000)))]
        );
}
