using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Configuration.Governance;

/// <summary>What of a written object tells whether its author changed it.</summary>
internal static class LimitText
{
    // Written by gateways, not by people.
    private static readonly HashSet<string> Bookkeeping = new(StringComparer.Ordinal)
    {
        "current_usage",
        "last_reset",
        "token_current_usage",
        "token_last_reset",
        "request_current_usage",
        "request_last_reset",
        "virtual_key_count",
        "config_hash",
        "created_at",
        "updated_at",
    };

    public static JsonNode Compared(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return JsonNode.Parse(element.GetRawText()) ?? JsonValue.Create("");
        }

        var compared = new JsonObject();
        foreach (
            var member in element.EnumerateObject().Where(m => !Bookkeeping.Contains(m.Name) && m.Value.ValueKind != JsonValueKind.Null)
        )
        {
            compared[member.Name] = JsonNode.Parse(member.Value.GetRawText());
        }

        return compared;
    }

    public static bool KnowsCalendar(string duration) => duration.Length > 0 && duration[^1] is 'd' or 'w' or 'M' or 'Q' or 'Y';
}
