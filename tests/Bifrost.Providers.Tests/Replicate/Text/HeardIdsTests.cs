using System.Text;
using Bifrost.Providers.Replicate;
using Bifrost.Testing;
using CsCheck;

namespace Bifrost.Providers.Tests.Replicate.Text;

public sealed class HeardIdsTests
{
    private static readonly string[] Odd =
    [
        "1:01",
        "1:",
        ":1",
        "1:+2",
        "1:-1",
        "x",
        "1:2:3",
        "1:9223372036854775807",
        "1:99999999999999999999",
        "ä:4",
    ];

    [Fact]
    public void They_are_a_set_that_knows_its_last_whatever_the_ids_look_like()
    {
        var ids = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 12], Gen.Int[0, Odd.Length - 1])
            .Select((series, number, odd) => series > 0 ? $"{series}:{number}" : Odd[odd]);
        ids.Array[0, 40]
            .Sample(
                all =>
                {
                    var set = new HashSet<string>();
                    var heard = new HeardIds();
                    foreach (var id in all)
                    {
                        Assert.Equal(set.Contains(id), heard.Contains(Encoding.UTF8.GetBytes(id)));
                        Assert.Equal(set.Add(id), heard.Add(Encoding.UTF8.GetBytes(id)));
                        Assert.Equal(id, heard.Last);
                    }
                },
                iter: FuzzCount.Or(3000)
            );
    }

    [Theory]
    [InlineData("7:3", "7:4", true)]
    [InlineData("7:3", "7:40", true)]
    [InlineData("7:3", "7:3", false)]
    [InlineData("7:3", "7:2", false)]
    [InlineData("7:3", "8:4", false)]
    [InlineData("7:3", "end", false)]
    [InlineData("end", "7:4", false)]
    public void A_higher_number_of_the_same_series_goes_on(string last, string next, bool goesOn)
    {
        var heard = new HeardIds();
        heard.Add(Encoding.UTF8.GetBytes(last));

        Assert.Equal(goesOn, heard.Follows(Encoding.UTF8.GetBytes(next)));
    }
}
