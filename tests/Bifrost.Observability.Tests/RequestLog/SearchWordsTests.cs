using System.Text;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Observability.Tests.RequestLog;

public sealed class SearchWordsTests
{
    [Theory]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"Why is it blue?"}]}""", "Why is it blue?")]
    [InlineData("""{"messages":[{"content":[{"type":"text","text":"one"},{"type":"image_url","image_url":{"url":"u"}}]}]}""", "one")]
    [InlineData("""{"instructions":"be brief","input":["a","b"],"temperature":1}""", "be brief\na\nb")]
    [InlineData("""{"tool_calls":[{"function":{"name":"f","arguments":"{\"city\":\"Rome\"}"}}]}""", "{\"city\":\"Rome\"}")]
    [InlineData("[]", "")]
    [InlineData("", "")]
    [InlineData("plain words of an answer", "plain words of an answer")]
    public void The_words_of_people_and_models_are_kept_without_the_json_around_them(string said, string words) =>
        Assert.Equal(words, Of(said, ""));

    [Fact]
    public void Prompt_comes_before_answer() => Assert.Equal("ask\nsay", Of("""{"prompt":"ask"}""", """{"text":"say"}"""));

    [Fact]
    public void What_was_cut_off_is_found_by_what_is_left() =>
        Assert.Equal("first", Of("""{"messages":[{"content":"first"},{"content":"sec""", ""));

    [Fact]
    public void Half_a_character_does_no_harm() =>
        Assert.Equal("before", Of("""{"content":"before","text":"\ud800","text":"after"}""", ""));

    [Fact]
    public void No_more_is_kept_than_a_search_needs() =>
        Assert.InRange(Of($$"""{"prompt":"{{new string('a', 100_000)}}","text":"b"}""", new string('c', 100_000)).Length, 1, 33_000);

    private static string Of(string request, string answer) =>
        SearchWords.Of(Encoding.UTF8.GetBytes(request), Encoding.UTF8.GetBytes(answer));
}
