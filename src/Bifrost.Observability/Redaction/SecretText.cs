using System.Buffers;
using System.Text.RegularExpressions;

namespace Bifrost.Observability.Redaction;

/// <summary>Finds what looks like a secret in plain text, wherever it stands. Rather once too often than once too few.</summary>
internal static partial class SecretText
{
    public const string Mark = "***";

    // Where a word begins: also behind an escape, whose letter is none of the word's (\nsk-…).
    private const string Start = @"(\\(?:[nrtbf]|u[0-9A-Fa-f]{4})|\b)";

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    // Text without any of these is not searched any closer.
    private static readonly SearchValues<string> Signs = SearchValues.Create(
        [
            "sk-",
            "pk-",
            "rk-",
            "sk_",
            "pk_",
            "rk_",
            "r8_",
            "bearer",
            "basic",
            "AKIA",
            "ASIA",
            "eyJ",
            "PRIVATE KEY",
            "gh",
            "github_pat_",
            "glpat-",
            "xox",
            "AIza",
            "hf_",
            "gsk_",
            "xai-",
            "whsec_",
            "pass",
            "pwd",
            "secret",
            "key",
            "token",
            "authorization",
            "cookie",
            "sig=",
            "signature=",
            "code=",
            "://",
        ],
        StringComparison.OrdinalIgnoreCase
    );

    public static string Redact(string text)
    {
        if (!text.AsSpan().ContainsAny(Signs))
        {
            return text;
        }

        text = PrivateKey().Replace(text, Mark);
        text = Scheme().Replace(text, "${1}${2} " + Mark);
        text = Key().Replace(text, "${1}" + Mark);
        text = Jwt().Replace(text, "${1}" + Mark);
        text = AddressPassword().Replace(text, "${1}" + Mark + "@");
        text = AddressKey().Replace(text, "${1}" + Mark);
        return Assignment().Replace(text, "${1}" + Mark);
    }

    [GeneratedRegex("-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?s:.)*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|$)")]
    private static partial Regex PrivateKey();

    // Authorization headers, as sent.
    [GeneratedRegex(Start + @"(bearer|basic)[ \t]+[A-Za-z0-9._~+/=-]{8,}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Scheme();

    private static Regex Key() => Linear.Key;

    [GeneratedRegex(Start + @"eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*)?", RegexOptions.CultureInvariant)]
    private static partial Regex Jwt();

    // postgres://user:password@host, and https://token@host; short names without a password (ssh://git@host) are no secrets.
    [GeneratedRegex(
        @"(\b[a-z][a-z0-9+.-]{0,30}://(?:[^\s:/@""']*:(?=[^\s/""'<>]+@)|(?=[^\s:/@""'?#]{8,}@)))[^\s/""'<>]+@",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex AddressPassword();

    // ?key=…, &X-Amz-Signature=…; names that are secrets anywhere are found by Assignment.
    [GeneratedRegex(
        @"([?&](?:[a-z0-9_.-]*[_.-])?(?:key|sig|signature|pass|code)=)[^\s&#""'<>\\]+",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant
    )]
    private static partial Regex AddressKey();

    private static Regex Assignment() => Linear.Assignment;

    /// <summary>Forms in which what callers send could be made to search for ever; they go through any text once. Their tables take ten megabytes, so they
    /// are made when a text first looks as if it held a secret.</summary>
    private static class Linear
    {
        // Keys with the prefixes that their makers gave them so that they be found.
        public static readonly Regex Key = new(
            Start
                + @"(?:(?:sk|pk|rk)[-_][A-Za-z0-9_-]{8,}|r8_[A-Za-z0-9_]{8,}|(?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA)[A-Z0-9]{12,}"
                + @"|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}|glpat-[A-Za-z0-9_-]{16,}|xox[abeoprs]-[A-Za-z0-9-]{8,}"
                + @"|AIza[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{16,}|gsk_[A-Za-z0-9]{16,}|xai-[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{8,})",
            Options
        );

        // password=…, "api_key": "…", ?access_token=…; the value ends where a word or its quotes do.
        public static readonly Regex Assignment = new(
            "((?:"
                + Start
                + @"|_)(?:passw(?:or)?d|passphrase|pwd|secret|(?:secret|access|private|api|account|auth|encryption)[_ -]?key"
                + @"|(?:access|refresh|auth|id|session|secret|api|bearer|bot)[_ -]?token|token|authorization|credentials?|(?:set-)?cookie)"
                + @"\\*[""']?\s*[:=]\s*)(?:\\*""(?:[^""\\]|\\[^""])*(?:\\*""|\\*$)|'[^']*(?:'|$)|(?:bearer |basic |token )?[^\s""',;&<>(){}\[\]\\]{3,})",
            Options | RegexOptions.IgnoreCase
        );
    }
}
