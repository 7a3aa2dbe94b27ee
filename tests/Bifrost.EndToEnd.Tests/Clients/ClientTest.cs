using System.Text.RegularExpressions;

namespace Bifrost.EndToEnd.Tests.Clients;

/// <summary>A JavaScript test as it is written.</summary>
/// <param name="File">Without folder.</param>
/// <param name="Name">Unique among all files.</param>
internal sealed partial record ClientTest(string File, string Name)
{
    /// <summary>Every test in tests/clients, read from the files, so that one that node never ran is missed by name.</summary>
    public static IReadOnlyList<ClientTest> All { get; } =
    [
        .. Directory
            .EnumerateFiles(Checkout.Clients, "*.test.mjs")
            .Order(StringComparer.Ordinal)
            .SelectMany(file => Declaration().Matches(System.IO.File.ReadAllText(file)), (file, match) => (file, match))
            .Select(found => new ClientTest(Path.GetFileName(found.file), found.match.Groups[1].Value)),
    ];

    [GeneratedRegex("^test\\(\"([^\"\\\\]+)\",", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Declaration();
}
