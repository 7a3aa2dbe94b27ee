namespace Bifrost.Architecture.Tests;

/// <summary>Everything a rule found wrong, reported together: a fix for one finding often depends on seeing the others.</summary>
internal static class Findings
{
    public static void ShouldBeNone(IEnumerable<string> findings)
    {
        var all = findings.ToList();
        Assert.True(all.Count == 0, string.Join(Environment.NewLine, all));
    }
}
