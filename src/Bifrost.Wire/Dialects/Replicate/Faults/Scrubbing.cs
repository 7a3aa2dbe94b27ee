using System.Text.RegularExpressions;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Makes upstream text fit for callers: no tokens, no addresses of the operator's account, no more than a paragraph.</summary>
internal static partial class Scrubbing
{
    private const int Longest = 1000;

    public static string Clean(string text)
    {
        text = text.Length > Longest * 4 ? text[..(Longest * 4)] : text;
        text = Tokens().Replace(text, "[token]");
        text = AccountLinks().Replace(text, "[account page]");
        text = Spaces().Replace(text, " ").Trim();
        return text.Length > Longest ? $"{text.AsSpan(0, Longest)}…" : text;
    }

    [GeneratedRegex(
        @"r8_[A-Za-z0-9*_.…-]*|(?<=\b(?:Bearer|Token)\s)[A-Za-z0-9._~+/=*-]{8,}",
        RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 200
    )]
    private static partial Regex Tokens();

    [GeneratedRegex(
        @"(?:https?://)?(?:www\.)?replicate\.com/account[^\s""'<>)]*|https?://[^\s""'<>]*billing[^\s""'<>)]*",
        RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 200
    )]
    private static partial Regex AccountLinks();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 200)]
    private static partial Regex Spaces();
}
