namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Finds out from an author's words which colour of a mask is repainted.</summary>
internal static class MaskReading
{
    private static readonly string[] Breaks = [" and ", " while ", " whereas ", " but ", ",", ".", ";", "(", ")", "\n"];

    // Says of which colours the mask is, not what they mean.
    private static readonly string[] Both = ["black and white", "white and black", "black-and-white", "black & white", "black/white"];

    private static readonly string[] Keeps =
    [
        "preserv",
        "keep",
        "kept",
        "unchanged",
        "untouched",
        "remain",
        "retain",
        "maintain",
        "protect",
    ];

    private static readonly string[] Repaints =
    [
        "inpaint",
        "repaint",
        "edit",
        "replac",
        "chang",
        "modif",
        "generat",
        "fill",
        "redraw",
        "alter",
        "remov",
    ];

    /// <summary>Null when the words do not say.</summary>
    public static MaskPolarity? Polarity(string description)
    {
        var text = description.ToLowerInvariant();
        foreach (var phrase in Both)
        {
            text = text.Replace(phrase, "", StringComparison.Ordinal);
        }

        var votes = 0;
        foreach (var clause in text.Split(Breaks, StringSplitOptions.RemoveEmptyEntries))
        {
            var white = clause.Contains("white", StringComparison.Ordinal);
            var black = clause.Contains("black", StringComparison.Ordinal);
            if (white == black || Verb(clause) is not { } repaints)
            {
                continue;
            }

            votes += white == repaints ? 1 : -1;
        }

        return votes switch
        {
            > 0 => MaskPolarity.WhiteRepaints,
            < 0 => MaskPolarity.BlackRepaints,
            _ => null,
        };
    }

    private static bool? Verb(string clause)
    {
        if (Any(clause, Keeps))
        {
            return false;
        }

        if (!Any(clause, Repaints))
        {
            return null;
        }

        return !clause.Contains(" not ", StringComparison.Ordinal) && !clause.Contains("n't ", StringComparison.Ordinal);
    }

    private static bool Any(string text, string[] words)
    {
        foreach (var word in words)
        {
            if (text.Contains(word, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
