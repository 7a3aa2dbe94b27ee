using System.Text.RegularExpressions;

namespace Bifrost.EndToEnd.Tests.Program;

/// <summary>A piece of code in README.md's part about the first request.</summary>
/// <param name="Language">The word behind the fence.</param>
/// <param name="Code">Between the fences.</param>
internal sealed partial record ReadmeBlock(string Language, string Code)
{
    /// <summary>The address the examples are written for.</summary>
    public const string Address = "http://localhost:8080";

    private const string Heading = "\n## The first request\n";

    public static IReadOnlyList<ReadmeBlock> All { get; } = Read(File.ReadAllText(Path.Combine(Checkout.Root, "README.md")));

    /// <summary>As it would be written for a gateway at this address.</summary>
    public string For(Uri gateway) => Code.Replace(Address, gateway.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal);

    private static ReadmeBlock[] Read(string readme)
    {
        readme = readme.ReplaceLineEndings("\n");
        var from = readme.IndexOf(Heading, StringComparison.Ordinal);
        Assert.True(from >= 0, $"README.md has no heading \"{Heading.Trim()}\".");
        var to = readme.IndexOf("\n## ", from + Heading.Length, StringComparison.Ordinal);
        var part = to < 0 ? readme[from..] : readme[from..to];
        return [.. Fence().Matches(part).Select(m => new ReadmeBlock(m.Groups[1].Value, m.Groups[2].Value))];
    }

    [GeneratedRegex(@"^```(\w+)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Fence();
}
