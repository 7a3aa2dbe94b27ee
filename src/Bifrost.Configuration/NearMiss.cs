namespace Bifrost.Configuration;

/// <summary>Guesses what was meant by a word that is not known.</summary>
public static class NearMiss
{
    /// <summary><c> Did you mean `x`?</c> with the nearest candidate, or nothing when none is near.</summary>
    public static string Question(string word, IEnumerable<string> candidates) =>
        Of(word, candidates) is { } near ? $" Did you mean `{near}`?" : "";

    /// <summary>The nearest candidate within a third of the word's length, or null.</summary>
    public static string? Of(string word, IEnumerable<string> candidates)
    {
        if (word.Length > 100)
        {
            return null;
        }

        var asked = word.ToLowerInvariant();
        string? best = null;
        var least = Math.Max(1, word.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            var distance = Distance(asked, candidate.ToLowerInvariant());
            if (distance < least)
            {
                (best, least) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Letters to add, drop, change or swap with a neighbour (Damerau and Levenshtein, each letter touched once).</summary>
    public static int Distance(string a, string b)
    {
        var rows = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    rows[i, j] = i + j;
                    continue;
                }

                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                var least = Math.Min(Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1, rows[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                {
                    least = Math.Min(least, rows[i - 2, j - 2] + 1);
                }

                rows[i, j] = least;
            }
        }

        return rows[a.Length, b.Length];
    }
}
