using System.Text.RegularExpressions;

namespace Bifrost.Web.VirtualKeys;

/// <summary>Limits in words for people.</summary>
internal static partial class KeyWords
{
    /// <summary>Without the moment in brackets: it stands beside, in the reader's own time.</summary>
    public static string Plain(string sentence) => Moment().Replace(sentence, "");

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

    [GeneratedRegex(@" \(\d{4}-\d\d-\d\dT[^)]*\)")]
    private static partial Regex Moment();
}
