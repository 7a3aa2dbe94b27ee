using Bifrost.Configuration;

namespace Bifrost.Configuration.Tests;

public sealed class NearMissTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("abc", "abc", 0)]
    [InlineData("abc", "", 3)]
    [InlineData("abc", "ab", 1)]
    [InlineData("abc", "axc", 1)]
    [InlineData("abc", "acb", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Distance_counts_added_dropped_changed_and_swapped_letters(string a, string b, int distance)
    {
        Assert.Equal(distance, NearMiss.Distance(a, b));
        Assert.Equal(distance, NearMiss.Distance(b, a));
    }

    [Fact]
    public void The_nearest_wins() => Assert.Equal("port", NearMiss.Of("prot", ["host", "port", "part-time"]));

    [Fact]
    public void What_is_far_from_all_is_no_near_miss() => Assert.Null(NearMiss.Of("governance", ["client", "providers"]));

    [Fact]
    public void Very_long_words_are_not_guessed_at() => Assert.Null(NearMiss.Of(new string('a', 5000), [new string('a', 4999)]));
}
