using Bifrost.Observability.Redaction;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Observability.RequestLog;

/// <summary>The request headers that become metadata: <c>x-bf-lh-*</c> without the prefix, and those the operator names.</summary>
internal static class SelectedHeaders
{
    private const string Prefix = "x-bf-lh-";

    /// <summary>More than these are left out, as is what is beyond the length of a value.</summary>
    private const int Most = 32;

    private const int LongestName = 100;

    /// <summary>Four times what is kept in the end, so that what is cut here is seldom seen at all.</summary>
    private const int LongestValue = 2000;

    /// <summary>Null when there are none, as nearly always.</summary>
    public static List<KeyValuePair<string, string>>? Of(IHeaderDictionary headers, IReadOnlyList<string> named)
    {
        List<KeyValuePair<string, string>>? selected = null;
        foreach (var header in headers)
        {
            if (header.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                Add(ref selected, header.Key[Prefix.Length..], header.Value.ToString());
            }
        }

        for (var i = 0; i < named.Count; i++)
        {
            if (headers.TryGetValue(named[i], out var value))
            {
                Add(ref selected, named[i], value.ToString());
            }
        }

        return selected;
    }

    private static void Add(ref List<KeyValuePair<string, string>>? selected, string name, string value)
    {
        if (name.Length is > 0 and <= LongestName && (selected?.Count ?? 0) < Most)
        {
            // Secrets are taken out later: half of one would not be known for what it is.
            var cut = value.Length <= LongestValue ? value : Redactor.WithoutHalfWord(value[..LongestValue]) + "…";
            (selected ??= []).Add(new(name, cut));
        }
    }
}
