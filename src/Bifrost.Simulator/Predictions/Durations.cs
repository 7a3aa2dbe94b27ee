using System.Globalization;
using System.Text.RegularExpressions;

namespace Bifrost.Simulator;

/// <summary>Reads the durations in the headers of a create.</summary>
internal static partial class Durations
{
    /// <summary>The time asked for by <c>Prefer: wait[=N]</c>, 1 to 60 seconds; null when absent or malformed, as those are ignored.</summary>
    public static TimeSpan? PreferWait(string? prefer)
    {
        foreach (var part in (prefer ?? "").Split([',', ';'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Equals("wait", StringComparison.OrdinalIgnoreCase))
            {
                return TimeSpan.FromSeconds(60);
            }

            if (
                part.StartsWith("wait=", StringComparison.OrdinalIgnoreCase)
                && int.TryParse(part.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                && seconds is >= 1 and <= 60
            )
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }

        return null;
    }

    /// <summary>Reads <c>Cancel-After</c>: <c>90s</c>, <c>5m</c>, <c>1h30m45s</c> or plain seconds. False when malformed or below 5 seconds.</summary>
    public static bool TryCancelAfter(string? header, out TimeSpan? duration)
    {
        duration = null;
        if (string.IsNullOrEmpty(header))
        {
            return true;
        }

        if (long.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var plain))
        {
            duration = TimeSpan.FromSeconds(Math.Min(plain, 86_400));
        }
        else if (Units().Match(header) is { Success: true } match)
        {
            duration =
                TimeSpan.FromHours(Number(match.Groups["h"]))
                + TimeSpan.FromMinutes(Number(match.Groups["m"]))
                + TimeSpan.FromSeconds(Number(match.Groups["s"]));
        }

        return duration is { TotalSeconds: >= 5 };
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(?=.)(?:(?<h>\d{1,4})h)?(?:(?<m>\d{1,5})m)?(?:(?<s>\d{1,6})s)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Units();
}
