namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>How far a running prediction says it is.</summary>
public static class LogProgress
{
    /// <summary>The last <c>NN%|</c> that a progress bar printed, 0 to 100, or null.</summary>
    public static int? Of(string logs)
    {
        var rest = logs.AsSpan();
        while (rest.LastIndexOf("%|") is >= 0 and var at)
        {
            var start = at;
            while (start > 0 && at - start < 3 && char.IsAsciiDigit(rest[start - 1]))
            {
                start--;
            }

            if (int.TryParse(rest[start..at], out var percent) && percent <= 100)
            {
                return percent;
            }

            rest = rest[..at];
        }

        return null;
    }
}
