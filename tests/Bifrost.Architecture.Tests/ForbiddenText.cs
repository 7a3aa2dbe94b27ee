using System.Text.RegularExpressions;

namespace Bifrost.Architecture.Tests;

/// <summary>
/// What no file of the repository may say. The patterns are put together from pieces, or this file would be the first finding.
/// </summary>
internal static class ForbiddenText
{
    private static readonly (string Name, Regex Pattern)[] Rules =
    [
        // A path below one of these belongs to one machine; the same word inside a longer path or an address is fine.
        ("a machine path", new Regex(@"(?<![\w.\-/}~])/(?:" + "work|home|root" + @")/", RegexOptions.CultureInvariant)),
        (
            "a package registry's host",
            new Regex(
                string.Join(
                    '|',
                    "registry" + @"\.npmjs",
                    "registry" + @"\.yarnpkg",
                    "api" + @"\.nuget\.org",
                    "pkgs" + @"\.dev\.azure",
                    "deb" + @"\.debian"
                ),
                RegexOptions.CultureInvariant | RegexOptions.IgnoreCase
            )
        ),
        ("a download address in a lock file", new Regex("\"resolved\"" + @":\s*""https?:", RegexOptions.CultureInvariant)),
        ("something shaped like a Replicate token", new Regex(@"\br8_" + "[A-Za-z0-9]{37}", RegexOptions.CultureInvariant)),
        ("something shaped like an OpenAI key", new Regex(@"\bsk-" + "[A-Za-z0-9_-]{40}", RegexOptions.CultureInvariant)),
    ];

    /// <summary>Findings as <c>line: what</c>, at most one of each kind a line. The text found is not repeated: it may be a secret.</summary>
    public static IEnumerable<string> In(string text)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            foreach (var (name, pattern) in Rules)
            {
                if (pattern.IsMatch(line))
                {
                    yield return $"{number}: {name}";
                }
            }
        }
    }
}
