using Bifrost.Observability.Redaction;

namespace Bifrost.Observability.RequestLog;

/// <summary>Texts as rows keep them: without secrets, and of bounded length.</summary>
internal static class RowText
{
    private const int LongestMessage = 1000;
    private const int LongestName = 300;
    private const int LongestMetadata = 500;

    public static string? Message(Redactor redactor, string? text) => Clean(redactor, text, LongestMessage);

    /// <summary>Of a model, or an id.</summary>
    public static string? Name(Redactor redactor, string? text) => Clean(redactor, text, LongestName);

    /// <summary>Adds metadata, unless there is some of this name.</summary>
    public static void Add(List<KeyValuePair<string, string>> metadata, string name, string value, Redactor redactor)
    {
        var lower = redactor.Text(name.ToLowerInvariant());
        if (!metadata.Exists(known => known.Key == lower))
        {
            metadata.Add(new(lower, Cut(redactor.Value(lower, value), LongestMetadata)));
        }
    }

    /// <param name="metadata">Where to.</param>
    /// <param name="dimensions"><c>name=value</c> with commas between (one in a value is <c>%2C</c>), or null.</param>
    /// <param name="redactor">What must not be kept.</param>
    public static void AddDimensions(List<KeyValuePair<string, string>> metadata, string? dimensions, Redactor redactor)
    {
        foreach (var pair in dimensions?.Split(',') ?? [])
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
            {
                Add(metadata, pair[..at], pair[(at + 1)..].Replace("%2C", ",", StringComparison.Ordinal), redactor);
            }
        }
    }

    // Cut last: a secret cut in two would no longer look like one.
    private static string? Clean(Redactor redactor, string? text, int longest) => text is null ? null : Cut(redactor.Text(text), longest);

    private static string Cut(string text, int longest) => text.Length <= longest ? text : text[..(longest - 1)] + "…";
}
