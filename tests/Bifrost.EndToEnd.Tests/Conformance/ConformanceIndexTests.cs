using System.Globalization;
using System.Text.RegularExpressions;
using Bifrost.Testing;

namespace Bifrost.EndToEnd.Tests.Conformance;

/// <summary>How Replicate's provider must behave is written down as 62 numbered cases. A test's name begins with the number of the case it
/// proves: <c>Case_37_…</c>, whichever project it lives in.</summary>
public sealed partial class ConformanceIndexTests
{
    private const int Cases = 62;

    [Fact]
    public void Every_case_has_a_test()
    {
        var proven = Directory
            .EnumerateFiles(Sources.PathOf("tests"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Numbers().Matches(File.ReadAllText(file)))
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            .ToHashSet();

        Assert.Empty(Enumerable.Range(1, Cases).Except(proven));
        Assert.Empty(proven.Except(Enumerable.Range(1, Cases)));
    }

    [GeneratedRegex(@"(?:Task|void) Case_(\d{1,2})_\w+\(")]
    private static partial Regex Numbers();
}
