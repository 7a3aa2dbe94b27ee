using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>A request as it arrived. <see cref="Path"/> includes the query; header names compare without case.</summary>
public sealed record RecordedRequest(
    string Method,
    string Path,
    FrozenDictionary<string, string> Headers,
    ReadOnlyMemory<byte> Body,
    DateTimeOffset At
)
{
    /// <summary>The body read as UTF-8.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The path without its query.</summary>
    public string PathOnly => Path.IndexOf('?', StringComparison.Ordinal) is var at and >= 0 ? Path[..at] : Path;

    /// <summary>The value of a header, or null.</summary>
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The body as a JSON object, or null when it is not one.</summary>
    public JsonObject? Json()
    {
        if (Body.Length == 0)
        {
            return null;
        }

        try
        {
            return JsonNode.Parse(Body.Span) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The <c>input</c> object of a create, or null.</summary>
    public JsonObject? Input() => Json()?["input"] as JsonObject;
}
