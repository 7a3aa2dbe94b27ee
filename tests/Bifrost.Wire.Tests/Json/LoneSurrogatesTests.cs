using System.Text;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Tests.Json;

public sealed class LoneSurrogatesTests
{
    [Theory]
    [InlineData("\"plain\"", -1)]
    [InlineData("\"\\ud83d\\ude00\"", -1)]
    [InlineData("\"\\\\ud83d\"", -1)]
    [InlineData("\"\\ud83d\"", 1)]
    [InlineData("\"\\ude00\"", 1)]
    [InlineData("\"\\ud83d\\ud83d\\ude00\"", 1)]
    [InlineData("\"a\\n\\uD83Dx\"", 4)]
    public void Halves_are_found_and_pairs_are_not(string json, int at) =>
        Assert.Equal(at, LoneSurrogates.Find(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void Mending_keeps_the_rest()
    {
        var json = Encoding.UTF8.GetBytes("\"\\ud83d\\ud83d\\ude00\\ude00\"");
        LoneSurrogates.Mend(json);
        Assert.Equal("\"\\ufffd\\ud83d\\ude00\\ufffd\"", Encoding.UTF8.GetString(json));
    }

    [Fact]
    public void A_request_with_half_a_pair_is_refused_before_it_can_throw()
    {
        Assert.True(JsonBody.ReadObject("{\"mo\\ud800del\":\"\\ud800\"}"u8.ToArray()).Failed(out var fault, out _));
        Assert.Equal("invalid_json", fault.Code);
    }
}
