namespace Bifrost.Admin.Models;

/// <summary>Finds names as published: by a part of them, whatever its case, hyphens and underscores; if that finds nothing, by letters in their order.</summary>
internal static class NameSearch
{
    public static IReadOnlyList<T> Of<T>(string? query, IReadOnlyList<T> all, Func<T, string> name)
    {
        if (query is null)
        {
            return all;
        }

        var wanted = Plain(query);
        var parts = all.Where(a => Plain(name(a)).Contains(wanted, StringComparison.Ordinal)).ToList();
        return parts.Count > 0 ? parts : [.. all.Where(a => InOrder(wanted, Plain(name(a))))];
    }

    private static string Plain(string text) => string.Concat(text.Where(c => c is not ('-' or '_'))).ToLowerInvariant();

    private static bool InOrder(string letters, string text)
    {
        var at = 0;
        foreach (var letter in text)
        {
            at += at < letters.Length && letters[at] == letter ? 1 : 0;
        }

        return at == letters.Length;
    }
}
