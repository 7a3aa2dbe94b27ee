using System.Text;
using System.Text.Json;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Admin.Logs;

/// <summary>What was asked last, on one line: enough to tell requests in a list apart.</summary>
internal static class Preview
{
    private const int Longest = 200;

    public static string Of(LogPayload payload)
    {
        var text = "";
        try
        {
            using var asked = JsonDocument.Parse(payload.Request);
            text = asked.RootElement.ValueKind == JsonValueKind.Object ? LastOf(asked.RootElement) : "";
        }
        catch (JsonException)
        {
            text = SearchedIn(Encoding.UTF8.GetString(payload.Request.Span));
        }

        var line = string.Join(' ', text.Split((char[]?)null, Longest, StringSplitOptions.RemoveEmptyEntries));
        return line.Length > Longest ? line[..Longest] + "…" : line;
    }

    private static string LastOf(JsonElement asked)
    {
        foreach (var name in (string[])["prompt", "input"])
        {
            if (!asked.TryGetProperty(name, out var value))
            {
                continue;
            }

            var text = value.ValueKind == JsonValueKind.Array ? string.Join(' ', Texts(value)) : value.ToString();
            if (text.Length > 0 && !Items(asked, name).Any())
            {
                return text;
            }
        }

        var items = Items(asked, "messages").Concat(Items(asked, "input")).ToList();
        var last = items.FindLastIndex(static m => Text(m, "role") is "user");
        return items.Count == 0 ? Text(asked, "instructions") ?? "" : Said(items[last < 0 ? items.Count - 1 : last]);
    }

    private static string Said(JsonElement message)
    {
        if ((Text(message, "content") ?? Text(message, "output")) is { Length: > 0 } text)
        {
            return text;
        }

        var parts = Items(message, "content").Select(Part).Concat(Items(message, "tool_calls").Select(static _ => "[call]")).ToList();
        return parts.Count > 0 ? string.Join(' ', parts)
            : Text(message, "type") == "function_call" ? "[call]"
            : "";
    }

    private static string Part(JsonElement part) =>
        Text(part, "text")
        ?? Text(part, "type") switch
        {
            "image_url" or "input_image" => "[picture]",
            "input_audio" => "[sound]",
            "video_url" => "[film]",
            "file" or "input_file" => "[file]",
            _ => "",
        };

    // What was cut is no JSON any more, and its last message is still in it.
    private static string SearchedIn(string cut)
    {
        const string Mark = "\"content\":\"";
        return cut.LastIndexOf(Mark, StringComparison.Ordinal) is var at and >= 0 ? cut[(at + Mark.Length)..].Split('"')[0] : "";
    }

    private static IEnumerable<string> Texts(JsonElement list) =>
        list.EnumerateArray().Where(static i => i.ValueKind is JsonValueKind.String).Select(static i => i.GetString()!);

    private static IEnumerable<JsonElement> Items(JsonElement of, string name) =>
        of.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(static i => i.ValueKind == JsonValueKind.Object)
            : [];

    private static string? Text(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
