using System.Globalization;
using System.Text.Json.Nodes;

namespace Bifrost.Web.Logs;

/// <summary>Messages and their parts, as chat completions and responses write them.</summary>
public static partial class Conversation
{
    private static Said Message(JsonObject message)
    {
        var parts = new List<SaidPart>();
        switch (Text(message["type"]))
        {
            case "function_call":
                return new Said("assistant", [Call(message)]);
            case "function_call_output":
                return new Said("tool", [new SaidPart("result", Cut(Text(message["output"]) ?? message["output"]?.ToJsonString() ?? ""))]);
            case "reasoning":
                return new Said(
                    "reasoning",
                    [.. Items(message["summary"]).Select(static s => new SaidPart("text", Cut(Text(s["text"]) ?? "")))]
                );
        }

        var role = Text(message["role"]) ?? "user";
        if (Text(message["reasoning_content"]) is { Length: > 0 } thought)
        {
            parts.Add(new SaidPart("note", Cut(thought), "reasoning"));
        }

        if (Text(message["content"]) is { Length: > 0 } text)
        {
            parts.Add(new SaidPart(role == "tool" ? "result" : "text", Cut(text)));
        }

        parts.AddRange(Items(message["content"]).Select(Part).OfType<SaidPart>());
        if (Text(message["refusal"]) is { Length: > 0 } refusal)
        {
            parts.Add(new SaidPart("note", Cut(refusal), "refusal"));
        }

        parts.AddRange(Items(message["tool_calls"]).Select(static c => Call(c["function"] as JsonObject ?? c)));
        return new Said(role, parts);
    }

    private static SaidPart? Part(JsonObject part)
    {
        var type = Text(part["type"]) ?? "";
        return type switch
        {
            "image_url" or "input_image" => Media(
                Text(part["image_url"]) ?? Text((part["image_url"] as JsonObject)?["url"]) ?? "",
                "picture"
            ),
            "input_audio" => new SaidPart("note", "Sound", "input_audio"),
            "video_url" => Media(Text(part["video_url"]) ?? Text((part["video_url"] as JsonObject)?["url"]) ?? "", "film"),
            "file" or "input_file" => new SaidPart(
                "note",
                Text(part["filename"]) ?? Text((part["file"] as JsonObject)?["filename"]) ?? "File",
                "file"
            ),
            "refusal" => new SaidPart("note", Cut(Text(part["refusal"]) ?? ""), "refusal"),
            _ => Text(part["text"]) is { } text ? new SaidPart("text", Cut(text)) : null,
        };
    }

    private static SaidPart? Made(JsonObject item) =>
        Text(item["url"]) is { } url ? Media(url, "picture")
        : Text(item["b64_json"]) is { } packed
            ? packed.StartsWith('[') ? new SaidPart("note", $"Picture, not kept: {packed.Trim('[', ']')}")
                : Packed(packed)
        : item["embedding"] is JsonArray vector
            ? new SaidPart("note", $"Embedding of {vector.Count.ToString("#,0", CultureInfo.InvariantCulture)} numbers")
        : null;

    private static SaidPart Packed(string base64)
    {
        var type =
            base64.StartsWith("iVBOR", StringComparison.Ordinal) ? "png"
            : base64.StartsWith("/9j/", StringComparison.Ordinal) ? "jpeg"
            : "webp";
        return new SaidPart("picture", $"data:image/{type};base64,{base64}");
    }

    private static SaidPart Media(string address, string kind)
    {
        var path = address.Split('?')[0];
        string[] films = [".mp4", ".webm", ".mov"];
        var isFilm = kind == "film" || films.Any(f => path.EndsWith(f, StringComparison.OrdinalIgnoreCase));
        return new SaidPart(isFilm ? "film" : kind, address);
    }

    private static SaidPart Call(JsonObject call) => new("call", Cut(Pretty(Text(call["arguments"]) ?? "")), Text(call["name"]));
}
