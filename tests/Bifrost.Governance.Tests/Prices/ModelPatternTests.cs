using Bifrost.Governance.Prices;

namespace Bifrost.Governance.Tests.Prices;

public sealed class ModelPatternTests
{
    [Theory]
    [InlineData("gpt-5", "GPT-5", true)]
    [InlineData("gpt-5", "gpt-5-mini", false)]
    [InlineData("gpt-5*", "gpt-5-mini", true)]
    [InlineData("gpt-5*", "my-gpt-5", false)]
    [InlineData("*-mini", "gpt-5-mini", true)]
    [InlineData("*-mini", "gpt-5-mini-2", false)]
    [InlineData("*nova*", "us.amazon.NOVA-lite", true)]
    [InlineData("*", "anything", true)]
    [InlineData(@"/^grok-4\.3-\d{8}$/", "grok-4.3-20260101", true)]
    [InlineData(@"/^grok-4\.3-\d{8}$/", "grok-413-20260101", false)]
    public void A_pattern_matches_what_it_says(string text, string model, bool matches)
    {
        Assert.True(ModelPattern.TryParse(text, out var pattern));
        Assert.Equal(matches, pattern.Matches(model));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a*b")]
    [InlineData("/(/")]
    [InlineData(@"/(a)\1/")]
    public void What_is_no_pattern_is_refused(string text) => Assert.False(ModelPattern.TryParse(text, out _));
}
