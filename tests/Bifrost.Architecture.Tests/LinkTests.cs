using System.Text.RegularExpressions;

namespace Bifrost.Architecture.Tests;

public sealed class LinkTests
{
    [Fact]
    public void Every_relative_link_in_the_documents_leads_somewhere() =>
        Findings.ShouldBeNone(
            from file in Repository.Files
            where file.EndsWith(".md", StringComparison.Ordinal)
            from target in TargetsIn(Repository.Read(file))
            where !Repository.Exists(Path.Combine(Path.GetDirectoryName(file) ?? "", target))
            select $"{file} links to {target}, which is not there."
        );

    [Fact]
    public void Links_to_elsewhere_anchors_and_code_are_not_followed() =>
        Assert.Equal(
            ["docs/map.md", "../README.md", "picture.png"],
            TargetsIn(
                """
                [map](docs/map.md) [part](../README.md#start) [here](#below) [there](https://example.com/x) ![picture](picture.png "title")
                ```
                [in code](nowhere.md)
                ```
                """
            )
        );

    private static IEnumerable<string> TargetsIn(string markdown) =>
        Regex
            .Matches(
                Regex.Replace(markdown, "^ *```.*?^ *```", "", RegexOptions.Multiline | RegexOptions.Singleline),
                @"\]\((?<target>[^)\s]+)"
            )
            .Select(match => match.Groups["target"].Value)
            .Where(target => !Regex.IsMatch(target, "^(#|[a-z]+:)"))
            .Select(target => Uri.UnescapeDataString(target.Split('#')[0]));
}
