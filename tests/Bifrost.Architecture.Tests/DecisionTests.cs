using System.Text.RegularExpressions;

namespace Bifrost.Architecture.Tests;

public sealed class DecisionTests
{
    private static readonly string[] Headings = ["Context", "Choice", "What we give up", "How we would know we were wrong"];

    private static readonly List<string> Decisions = [.. Repository.Under("docs/decisions", ".md")];

    public static TheoryData<string> EveryDecision => [.. Decisions];

    [Fact]
    public void Decisions_are_numbered_without_gaps() =>
        Assert.Equal(
            Enumerable.Range(1, Decisions.Count).Select(number => number.ToString("0000", null)),
            Decisions.Select(file => Path.GetFileName(file).Split('-')[0])
        );

    [Theory, MemberData(nameof(EveryDecision))]
    public void A_decision_has_its_four_headings_each_with_something_to_say(string file)
    {
        var parts = Regex.Split(Repository.Read(file), @"^## (.+)$", RegexOptions.Multiline);
        var headings = parts.Skip(1).Where((_, index) => index % 2 == 0).Select(heading => heading.Trim());
        var bodies = parts.Skip(1).Where((_, index) => index % 2 == 1);

        Assert.Equal(Headings, headings);
        Assert.All(bodies, body => Assert.NotEqual("", body.Trim()));
    }

    [Theory, MemberData(nameof(EveryDecision))]
    public void A_decision_is_titled_with_its_number(string file) =>
        Assert.StartsWith($"# {Path.GetFileName(file).Split('-')[0]} ", Repository.Read(file), StringComparison.Ordinal);
}
