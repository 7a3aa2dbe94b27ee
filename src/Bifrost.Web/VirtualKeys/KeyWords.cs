using System.Text.RegularExpressions;

namespace Bifrost.Web.VirtualKeys;

/// <summary>Limits in words for people.</summary>
internal static partial class KeyWords
{
    /// <summary>Without the moment in brackets: it stands beside, in the reader's own time.</summary>
    public static string Plain(string sentence) =>
        Length().Replace(Moment().Replace(sentence, ""), found => Adjective(found.Value) ?? found.Value);

    public static string Level(BindingLimit limit)
    {
        var what = limit.Kind switch
        {
            "budget" => "Budget",
            "concurrent" => "Calls at once",
            "requests" or "request" => "Requests",
            "tokens" or "token" => "Tokens",
            var other => other,
        };
        return limit.Level switch
        {
            "virtual_key" => $"{what} of the key itself",
            "virtual_key_provider" => $"{what} of the key at {limit.Owner}",
            var level => $"{what} of {level.Replace('_', ' ')} {limit.Owner}",
        };
    }

    private static string? Adjective(string length) =>
        length switch
        {
            "1m" => "minute's",
            "1h" => "hourly",
            "1d" => "daily",
            "1w" => "weekly",
            "1M" => "monthly",
            "1Q" => "quarterly",
            "1Y" => "yearly",
            _ => null,
        };

    [GeneratedRegex(@"(?<=\bin the )1[mhdwMQY](?= (budget|limit)\b)")]
    private static partial Regex Length();

    [GeneratedRegex(@" \(\d{4}-\d\d-\d\dT[^)]*\)")]
    private static partial Regex Moment();
}
