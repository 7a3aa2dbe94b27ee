using System.Text.RegularExpressions;

namespace Bifrost.Testing.Node;

/// <summary>A JavaScript test as it is written.</summary>
/// <param name="File">Without folder.</param>
/// <param name="Name">Unique among all files.</param>
public sealed partial record NodeTest(string File, string Name)
{
    /// <summary>Every test in a folder, read from the files, so that one that node never ran is missed by name.</summary>
    public static IReadOnlyList<NodeTest> In(string folder) =>
        [
            .. Directory
                .EnumerateFiles(folder, "*.test.mjs")
                .Order(StringComparer.Ordinal)
                .SelectMany(file => Declaration().Matches(System.IO.File.ReadAllText(file)), (file, match) => (file, match))
                .Select(found => new NodeTest(Path.GetFileName(found.file), found.match.Groups[1].Value)),
        ];

    [GeneratedRegex("^test\\(\"([^\"\\\\]+)\",", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Declaration();
}
