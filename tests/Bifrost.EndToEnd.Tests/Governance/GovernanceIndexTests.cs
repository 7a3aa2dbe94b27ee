using System.Globalization;
using System.Text.RegularExpressions;
using Bifrost.Testing;

namespace Bifrost.EndToEnd.Tests.Governance;

/// <summary>What published integration tests of governance ask for is 38 numbered behaviours. A test's name begins with the number of the one it
/// proves: <c>Row_07_…</c>.</summary>
public sealed partial class GovernanceIndexTests
{
    private const int Rows = 38;

    [Fact]
    public void Every_behaviour_has_a_test()
    {
        var proven = Directory
            .EnumerateFiles(Sources.PathOf("tests/Bifrost.EndToEnd.Tests/Governance"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Numbers().Matches(File.ReadAllText(file)))
            .Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            .ToHashSet();

        Assert.Empty(Enumerable.Range(1, Rows).Except(proven));
        Assert.Empty(proven.Except(Enumerable.Range(1, Rows)));
    }

    [Fact]
    public void Every_test_on_one_database_is_also_on_the_other()
    {
        foreach (var file in Directory.EnumerateFiles(Sources.PathOf("tests/Bifrost.EndToEnd.Tests/Governance"), "*.cs"))
        {
            var text = File.ReadAllText(file);
            Assert.Equal(text.Split("InlineData(DatabaseKind.Sqlite").Length, text.Split("InlineData(DatabaseKind.Postgres").Length);
        }
    }

    [GeneratedRegex(@"public async Task Row_(\d{2})_\w+\(\s*DatabaseKind store")]
    private static partial Regex Numbers();
}
