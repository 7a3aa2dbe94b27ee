using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Web.Logs;

/// <summary>What somebody said: a role, and parts.</summary>
public sealed record Said(string Role, IReadOnlyList<SaidPart> Parts);

/// <summary>A part of it.</summary>
/// <param name="Kind">text, picture, film, sound, call, result or note.</param>
/// <param name="Text">What it says, or where it is.</param>
/// <param name="Name">Of a tool, or null.</param>
public sealed record SaidPart(string Kind, string Text, string? Name = null);

/// <summary>Makes a conversation of what was asked and answered, whatever its form; what has no known form is left out, and there as JSON.</summary>
public static partial class Conversation
{
    private const int Longest = 60_000;

    /// <summary>What was asked.</summary>
    public static IReadOnlyList<Said> Asked(string? request)
    {
        if (Parsed(request) is not JsonObject asked)
        {
            return [];
        }

        var said = new List<Said>();
        Add(said, "system", Text(asked["instructions"]));
        foreach (var message in Items(asked["messages"]).Concat(asked["input"] is JsonArray items && items.Any(IsItem) ? Items(items) : []))
        {
            said.Add(Message(message));
        }

        foreach (var name in (string[])["input", "prompt"])
        {
            if (asked[name] is JsonArray many && !many.Any(IsItem))
            {
                said.Add(new Said("user", [.. many.Select(m => new SaidPart("text", Cut(Text(m) ?? m?.ToJsonString() ?? "")))]));
            }
            else if (asked[name] is JsonValue)
            {
                Add(said, "user", Text(asked[name]));
            }
        }

        return said;
    }

    /// <summary>How it was asked: what is no conversation, in short.</summary>
    public static IReadOnlyList<(string Name, string Value)> Settings(string? request)
    {
        if (Parsed(request) is not JsonObject asked)
        {
            return [];
        }

        string[] shownElsewhere = ["model", "messages", "input", "prompt", "instructions", "tools"];
        var settings = asked
            .Where(p => p.Value is not null && !shownElsewhere.Contains(p.Key))
            .Select(static p => (p.Key, Short(Text(p.Value) ?? p.Value!.ToJsonString())))
            .ToList();
        var tools = Items(asked["tools"])
            .Select(static t => Text((t["function"] as JsonObject)?["name"]) ?? Text(t["name"]) ?? Text(t["type"]) ?? "?")
            .ToList();
        if (tools.Count > 0)
        {
            settings.Add(("tools", Short(string.Join(", ", tools))));
        }

        return settings;

        static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;
    }

    /// <summary>What was answered. Of a stream there is the text only.</summary>
    public static IReadOnlyList<Said> Answered(string? response)
    {
        if (string.IsNullOrWhiteSpace(response))
        {
            return [];
        }

        if (Parsed(response) is not JsonObject answer)
        {
            return [new Said("assistant", [new SaidPart("text", Cut(response))])];
        }

        var said = new List<Said>();
        foreach (var choice in Items(answer["choices"]))
        {
            said.Add(
                choice["message"] is JsonObject message
                    ? Message(message)
                    : new Said("assistant", [new SaidPart("text", Cut(Text(choice["text"]) ?? ""))])
            );
        }

        said.AddRange(Items(answer["output"]).Select(Message));
        var made = Items(answer["data"]).Select(Made).OfType<SaidPart>().ToList();
        if (made.Count > 0)
        {
            said.Add(new Said("assistant", made));
        }

        Add(said, "assistant", Text(answer["text"]));
        if (Text(answer["url"]) is { } url)
        {
            said.Add(new Said("assistant", [Media(url, "film")]));
        }

        if (Text(answer["object"]) == "video")
        {
            said.Add(new Said("assistant", [new SaidPart("note", $"Video {Text(answer["id"])}: {Text(answer["status"])}")]));
        }

        Add(said, "error", Text((answer["error"] as JsonObject)?["message"]));
        return [.. said.Where(static s => s.Parts.Count > 0)];
    }

    /// <summary>Whether a browser may be sent to an address.</summary>
    public static bool IsWeb(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http";

    /// <summary>Whether a picture, a film or a sound may be shown from it.</summary>
    public static bool IsShown(string address, string kind) =>
        address.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith(
            $"data:{kind switch { "picture" => "image", "film" => "video", _ => "audio" }}/",
            StringComparison.OrdinalIgnoreCase
        );

    /// <summary>JSON, indented where it can be read.</summary>
    public static string Pretty(string text)
    {
        try
        {
            return JsonNode
                    .Parse(text)
                    ?.ToJsonString(
                        new JsonSerializerOptions
                        {
                            WriteIndented = true,
                            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                        }
                    )
                ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }

    private static void Add(List<Said> said, string role, string? text)
    {
        if (text is { Length: > 0 })
        {
            said.Add(new Said(role, [new SaidPart("text", Cut(text))]));
        }
    }

    private static bool IsItem(JsonNode? node) => node is JsonObject;

    private static IEnumerable<JsonObject> Items(JsonNode? node) => (node as JsonArray)?.OfType<JsonObject>() ?? [];

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string Cut(string text) => text.Length > Longest ? text[..Longest] + "\n… the rest is in the JSON." : text;

    private static JsonNode? Parsed(string? text)
    {
        try
        {
            return text is { Length: > 0 } && text[0] is '{' or '[' ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
