using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Text;

public class ThinkSplitterTests
{
    [Theory]
    [InlineData("<think>a</think>b", "a", "b")]
    [InlineData("\n<think>\n a b \n</think>\n\nc d", "a b", "c d")]
    [InlineData("<think>\n\n</think>\n\nb", null, "b")]
    [InlineData("<think>cut off", "cut off", "")]
    [InlineData("<think>a</thin", "a</thin", "")]
    [InlineData("no tags", null, "no tags")]
    [InlineData(" <thin", null, " <thin")]
    [InlineData("b <think>a</think>", null, "b <think>a</think>")]
    [InlineData("<think>a</think>b</think>c", "a", "b</think>c")]
    [InlineData("", null, "")]
    public void Case_26_a_leading_think_block_is_reasoning(string text, string? reasoning, string answer) =>
        Assert.Equal((reasoning, answer), ThinkSplitter.Split(text));

    [Theory]
    [InlineData("a\n</think>\n\nb", "a", "b")]
    [InlineData("<think>a</think>b", "a", "b")]
    [InlineData("no tags at all", null, "no tags at all")]
    [InlineData("</think>b", null, "b")]
    public void Case_26_the_opening_tag_may_be_missing_where_we_are_told(string text, string? reasoning, string answer) =>
        Assert.Equal((reasoning, answer), ThinkSplitter.Split(text, mayLackOpening: true));

    [Fact]
    public void Reasoning_streams_before_the_block_ends()
    {
        var splitter = new ThinkSplitter();
        var pieces = new List<ThoughtPiece>();
        splitter.Push("<think>first", pieces);
        Assert.Equal([new ThoughtPiece(true, "first")], pieces);
    }

    [Fact]
    public void Answers_stream_at_once()
    {
        var splitter = new ThinkSplitter();
        var pieces = new List<ThoughtPiece>();
        splitter.Push("Hel", pieces);
        splitter.Push("lo", pieces);
        Assert.Equal([new ThoughtPiece(false, "Hel"), new ThoughtPiece(false, "lo")], pieces);
    }

    [Fact]
    public void Case_26_any_chunking_gives_the_same_pieces()
    {
        string[] parts = ["<think>", "</think>", "<", "</", "think>", " ", "\n", "a", "bc", "😀", "<thi", "nk>"];
        for (var seed = 1; seed <= Fuzz.Iterations; seed++)
        {
            var dice = new Random(seed);
            var text = string.Concat(Enumerable.Range(0, dice.Next(1, 14)).Select(_ => parts[dice.Next(parts.Length)]));
            var lacks = dice.Next(2) == 0;
            Assert.Equal(ThinkSplitter.Split(text, lacks), InPieces(text, lacks, dice));
        }
    }

    private static (string? Reasoning, string Answer) InPieces(string text, bool lacks, Random dice)
    {
        var splitter = new ThinkSplitter(lacks);
        var pieces = new List<ThoughtPiece>();
        for (var at = 0; at < text.Length; )
        {
            var length = Math.Min(dice.Next(0, 4), text.Length - at);
            splitter.Push(text.Substring(at, length), pieces);
            at += length;
        }

        splitter.End(pieces);
        Assert.All(pieces, piece => Assert.NotEmpty(piece.Text));
        var reasoning = string.Concat(pieces.Where(piece => piece.Reasoning).Select(piece => piece.Text));
        return (
            reasoning.Length == 0 ? null : reasoning,
            string.Concat(pieces.Where(piece => !piece.Reasoning).Select(piece => piece.Text))
        );
    }
}
