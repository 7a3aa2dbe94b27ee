using System.Text.RegularExpressions;

namespace Bifrost.Architecture.Tests;

public sealed class FileSizeTests
{
    private const int Limit = 400;

    [Fact]
    public void No_source_file_is_long_without_saying_why() =>
        Findings.ShouldBeNone(
            from file in Repository.Under("src", ".cs")
            let text = Repository.Read(file)
            let lines = LinesOf(text)
            where lines > Limit && !SaysWhy(text)
            select $"{file} has {lines} lines; split it, or say \"// Long on purpose: <reason>\"."
        );

    [Theory]
    [InlineData("// Long on purpose: one story, told in order.", true)]
    [InlineData("    // Long on purpose: one story, told in order.", true)]
    [InlineData("// Long on purpose:", false)]
    [InlineData("var text = \"// Long on purpose: no\";", false)]
    public void A_reason_is_a_comment_of_its_own_with_words_in_it(string line, bool counts) =>
        Assert.Equal(counts, SaysWhy($"using System;\n{line}\nclass C;\n"));

    private static int LinesOf(string text) => text.AsSpan().TrimEnd('\n').Count('\n') + 1;

    private static bool SaysWhy(string text) => Regex.IsMatch(text, @"^[ \t]*// Long on purpose: \S.*$", RegexOptions.Multiline);
}
