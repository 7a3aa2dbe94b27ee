namespace Bifrost.Web.Parts;

/// <summary>A call as a command for a terminal.</summary>
public static class Curl
{
    private const string Break = " \\\n  ";

    /// <summary>A command with options of its own.</summary>
    /// <param name="url">Where it is sent.</param>
    /// <param name="key">What it is signed with; null: nothing.</param>
    /// <param name="options">As they stand in the command.</param>
    public static string Of(string url, string? key, IEnumerable<string> options) =>
        string.Join(Break, [$"curl {url}", .. key is null ? Array.Empty<string>() : [$"-H \"Authorization: Bearer {key}\""], .. options]);

    /// <summary>A command that sends JSON.</summary>
    public static string Json(string url, string? key, string body) =>
        Of(url, key, ["-H \"Content-Type: application/json\"", $"-d {Quoted(body)}"]);

    /// <summary>A text that a shell takes as it stands.</summary>
    public static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
