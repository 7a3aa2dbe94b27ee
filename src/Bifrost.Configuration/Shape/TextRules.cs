using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Bifrost.Governance.Prices;

namespace Bifrost.Configuration;

/// <summary>What texts of the configuration must be. Each rule gives null when the text is right, else the end of a sentence that begins
/// with the text: what is wrong with it, and what would be right. A rule never repeats the text.</summary>
public static class TextRules
{
    // They frame the message or name its receiver; a second one would break the request or lead it astray.
    private static readonly string[] Ours = ["host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade", "te"];

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // What the metrics of exchanges, requests and the gateway itself tell apart by; le and quantile belong to Prometheus.
    private static readonly string[] TakenLabels =
    [
        "provider",
        "model",
        "method",
        "virtual_key_id",
        "virtual_key_name",
        "routing_engine_used",
        "routing_rule_id",
        "routing_rule_name",
        "selected_key_id",
        "selected_key_name",
        "number_of_retries",
        "fallback_index",
        "team_id",
        "team_name",
        "customer_id",
        "customer_name",
        "is_success",
        "status_code",
        "cache_type",
        "path",
        "status",
        "fault",
        "lane",
        "outcome",
        "phase",
        "streamed",
        "generation",
        "reason",
        "le",
        "quantile",
    ];

    private static readonly System.Buffers.SearchValues<char> LabelCharacters = System.Buffers.SearchValues.Create(
        "_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    );

    public static string? NotBlank(string text) =>
        string.IsNullOrWhiteSpace(text) ? "is blank. Write something, or leave the key out." : null;

    public static Func<string, string?> OneOf(IReadOnlyList<string> choices) =>
        text =>
            choices.Contains(text, StringComparer.Ordinal)
                ? null
                : $"is not one of {string.Join(", ", choices.Select(c => $"`{c}`"))}.{NearMiss.Question(text, choices)}";

    /// <summary>A point in time with its offset from UTC, as RFC 3339 writes it.</summary>
    public static string? Time(string text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _)
        && text.Contains('T', StringComparison.OrdinalIgnoreCase)
            ? null
            : "is not a time. Write one such as 2027-01-31T18:00:00Z.";

    /// <summary>A regular expression, as .NET reads it.</summary>
    public static string? Expression(string text)
    {
        try
        {
            // One that matches nothing at all is found between any two characters.
            return new Regex(text, RegexOptions.CultureInvariant, Patience).IsMatch("")
                ? "matches the empty text, so it would be found everywhere. Make it match at least one character."
                : null;
        }
        catch (RegexParseException wrong)
        {
            var place = $" at offset {wrong.Offset}. ";
            var reason = wrong.Message[(wrong.Message.LastIndexOf(place, StringComparison.Ordinal) + place.Length)..];
            return $"is no regular expression: at character {wrong.Offset}: {reason}";
        }
    }

    /// <summary>The name of a label of metrics that is not there already.</summary>
    public static string? MetricLabel(string text) =>
        text.Length == 0
        || char.IsAsciiDigit(text[0])
        || text.StartsWith("__", StringComparison.Ordinal)
        || text.AsSpan().ContainsAnyExcept(LabelCharacters)
            ? "cannot be the name of a label. Write one such as project: letters, digits and underscores, and no digit first."
        : TakenLabels.Contains(text, StringComparer.Ordinal) ? "is a label that metrics have already. Choose another name."
        : null;

    public static string? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535
            ? null
            : "is not a port. Write a number from 1 to 65535.";

    /// <summary>Shown in logs and on terminals, so nothing in it may command them.</summary>
    public static string? Name(string text) =>
        NotBlank(text) ?? (text.Any(char.IsControl) ? "has a control character in it. Write a plain name." : null);

    public static string? Model(string text) =>
        NotBlank(text) ?? (HasSpaceOrControl(text) ? "has a space or a control character in it. Write the model's name." : null);

    /// <summary><c>owner/name</c>, with <c>deployments/</c> before it or not.</summary>
    public static string? Deployment(string text)
    {
        var parts = ReplicateKeyReader.WithoutPrefix(text).Split('/');
        return parts.Length == 2 && Array.TrueForAll(parts, p => p.Length > 0) && !HasSpaceOrControl(text)
            ? null
            : "is not the name of a deployment. Write owner/name.";
    }

    /// <summary>Sent in a header: one word of visible ASCII.</summary>
    public static string? Hardware(string text) =>
        PriceCatalogue.Embedded.FindHardware(text) is null
            ? "is no hardware of Replicate's that has a known price. Write its SKU: gpu-t4, gpu-l40s, gpu-a100-large, gpu-h100-2x."
            : null;

    public static string? Credential(string text) =>
        text.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? "has a space, a line break or a character outside ASCII in it. Write it as the provider shows it."
            : null;

    public static string? HeaderName(string text) =>
        text.Length > 0 && !text.AsSpan().ContainsAnyExcept(TokenCharacters) ? null : "is not a header name. Write one such as x-team.";

    public static string? HeaderNameOrAll(string text) => text == "*" ? null : HeaderName(text);

    public static string? SentHeaderName(string text) =>
        HeaderName(text)
        ?? (
            Array.Exists(Ours, o => o.Equals(text, StringComparison.OrdinalIgnoreCase))
                ? "is a header that Bifrost itself sets. Leave it out."
                : null
        );

    public static string? HeaderValue(string text) =>
        text.AsSpan().ContainsAnyExceptInRange(' ', '~')
            ? "has a line break or a character outside ASCII in it. Write one line of ASCII."
            : null;

    /// <summary><c>*</c>, or scheme and host as a browser sends them; a star stands for any characters.</summary>
    public static string? Origin(string text)
    {
        const string right = "Write * or an origin such as https://app.example.com, with no slash after it.";
        if (text == "*")
        {
            return null;
        }

        if (HasSpaceOrControl(text) || text.IndexOf("://", StringComparison.Ordinal) is not (> 0 and var scheme))
        {
            return $"is not an origin. {right}";
        }

        var host = text[(scheme + 3)..];
        return host.Length == 0 || host.AsSpan().ContainsAny("/?#@") ? $"is not an origin. {right}" : null;
    }

    public static string? HttpAddress(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            return "is not an absolute address. Write one that begins with http:// or https://, such as https://api.example.com/v1.";
        }

        return uri.UserInfo.Length > 0 ? "has a user name or password in it. Put the credential into a key or into `extra_headers`."
            : uri.Query.Length > 0 || uri.Fragment.Length > 0 ? "has a query or a fragment. Write the address without what follows ? or #."
            : null;
    }

    public static string? HttpsAddress(string text) =>
        HttpAddress(text)
        ?? (
            text.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
                ? null
                : "does not begin with https://. Write the https address under which the world reaches this gateway."
        );

    public static string? Certificate(string text)
    {
        const string right = "Write the certificate itself, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----.";
        var found = new X509Certificate2Collection();
        try
        {
            found.ImportFromPem(text);
        }
        catch (CryptographicException)
        {
            return $"is not a certificate that can be read. {right}";
        }

        foreach (var certificate in found)
        {
            certificate.Dispose();
        }

        return found.Count > 0 ? null : $"has no certificate in PEM form in it. {right}";
    }

    private static readonly System.Buffers.SearchValues<char> TokenCharacters = System.Buffers.SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    );

    private static bool HasSpaceOrControl(string text) => text.Any(c => char.IsWhiteSpace(c) || char.IsControl(c));
}
