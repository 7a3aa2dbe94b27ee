using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Text;

public class StopCutterTests
{
    [Theory]
    [InlineData("Hello world", "wor", "Hello ", true)]
    [InlineData("Hello world", "xyz", "Hello world", false)]
    [InlineData("ab", "abc", "ab", false)]
    [InlineData("aab", "ab", "a", true)]
    [InlineData("a,b,c", "b,", "a,", true)]
    public void Case_22_text_is_cut_at_the_stop(string text, string stop, string shown, bool stopped) =>
        Assert.Equal((shown, stopped), Cut([stop], text));

    [Fact]
    public void Case_22_a_stop_across_pieces_is_found()
    {
        var cutter = new StopCutter(["\nUser:"]);
        Assert.Equal("Hi", cutter.Push("Hi\nUs"));
        Assert.Equal("", cutter.Push("er: more"));
        Assert.True(cutter.Stopped);
        Assert.Equal("", cutter.Push("still more") + cutter.End());
    }

    [Fact]
    public void What_only_looked_like_a_stop_is_shown_later()
    {
        var cutter = new StopCutter(["\nUser:"]);
        Assert.Equal("Hi", cutter.Push("Hi\nUs"));
        Assert.Equal("\nUsual", cutter.Push("ual"));
    }

    [Fact]
    public void The_stop_that_is_complete_first_cuts() => Assert.Equal(("a", true), Cut(["bcd", "b"], "abcd"));

    [Fact]
    public void Of_two_that_end_together_the_longer_cuts() => Assert.Equal(("a", true), Cut(["c", "bc"], "abcd"));

    [Fact]
    public void Without_stops_everything_passes() => Assert.Equal(("abc", false), Cut(["", ""], "abc"));

    [Fact]
    public void Any_chunking_gives_the_same_text()
    {
        for (var seed = 1; seed <= Fuzz.Iterations; seed++)
        {
            var dice = new Random(seed);
            var stops = Enumerable.Range(0, dice.Next(1, 4)).Select(_ => Word(dice, dice.Next(1, 5))).ToArray();
            var text = Word(dice, dice.Next(1, 30));
            var cutter = new StopCutter(stops);
            var shown = "";
            for (var at = 0; at < text.Length; )
            {
                var length = Math.Min(dice.Next(0, 4), text.Length - at);
                shown += cutter.Push(text.Substring(at, length));
                at += length;
            }

            shown += cutter.End();
            Assert.Equal((Cut(stops, text), seed), ((shown, cutter.Stopped), seed));
            Assert.DoesNotContain(stops, stop => shown.Contains(stop, StringComparison.Ordinal));
        }
    }

    private static (string Shown, bool Stopped) Cut(string[] stops, string text)
    {
        var cutter = new StopCutter(stops);
        var shown = cutter.Push(text);
        return (shown + cutter.End(), cutter.Stopped);
    }

    private static string Word(Random dice, int length) => string.Concat(Enumerable.Range(0, length).Select(_ => "abc"[dice.Next(3)]));
}
