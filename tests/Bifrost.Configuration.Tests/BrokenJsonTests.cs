namespace Bifrost.Configuration.Tests;

public sealed class BrokenJsonTests
{
    [Theory]
    [InlineData("{\n  // keys\n}", "line 2, column 3. Comments are not allowed.")]
    [InlineData("{\n  \"client\": {},\n}", "line 3, column 1. There is a comma after the last entry. Take it away.")]
    [InlineData("{\"client\": {}", "line 1, column 14. The file ends before everything that was opened is closed.")]
    [InlineData("{'client': {}}", "line 1, column 2. Strings stand in double quotes.")]
    [InlineData("{\"client\": {\n  \"a\" 1}}", "line 2, column 7. Something other than what JSON allows stands here")]
    [InlineData("{\"ü\": \"é\" 1}", "line 1, column 11. Something other than what JSON allows stands here")]
    [InlineData("{\"client\n\": {}}", "line 1, column 9. A string has a line break or a tab in it")]
    [InlineData("{\"client\": \"\\ud800\"}", "line 1, column 12.")]
    public void It_says_line_and_column(string json, string said) =>
        Assert.StartsWith($"The file is not JSON: {said}", AConfig.Read(json).Mistake());

    [Theory]
    [InlineData("")]
    [InlineData(" \r\n\t ")]
    public void An_empty_file_is_told_what_would_do(string json) =>
        Assert.Equal("The file is empty. Write {} for a configuration that changes nothing.", AConfig.Read(json).Mistake());

    [Fact]
    public void A_file_that_is_not_text_is_told_so() =>
        Assert.Equal("The file is not UTF-8 text. Save it as UTF-8.", AConfig.Read([(byte)'{', 0xFF, 0xFE, (byte)'}']).Mistake());

    [Theory]
    [InlineData("[]", "a list")]
    [InlineData("\"sk-secret\"", "a string")]
    public void The_whole_must_be_an_object(string json, string what) =>
        Assert.Equal($"The file's content is {what}. Write an object.", AConfig.Read(json).Mistake());

    [Fact]
    public void What_it_stumbles_over_is_not_repeated() =>
        Assert.DoesNotContain(
            "true-secret",
            AConfig.Read("""{"providers": {"openai": {"keys": [{"name": "a", "value": true-secret}]}}}""").Mistake()
        );

    [Fact]
    public void Nesting_without_end_is_refused() =>
        Assert.StartsWith("The file is not JSON", AConfig.Read(new string('[', 5000)).Mistake());
}
