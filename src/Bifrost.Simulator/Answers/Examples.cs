using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Makes a small value that satisfies a JSON schema. References are not followed; those become strings.</summary>
internal static class Examples
{
    private const int Deepest = 8;

    public static JsonNode? Of(JsonElement schema, int depth = 0)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > Deepest)
        {
            return "simulated";
        }

        if (schema.TryGetProperty("enum", out var choices) && choices.GetArrayLength() > 0)
        {
            return JsonNode.Parse(choices[0].GetRawText());
        }

        return (schema.TryGetProperty("type", out var type) ? TypeOf(type) : "string") switch
        {
            "object" => ObjectOf(schema, depth),
            "array" => schema.TryGetProperty("items", out var items) ? new JsonArray(Of(items, depth + 1)) : [],
            "integer" => 1,
            "number" => 0.5,
            "boolean" => true,
            "null" => null,
            _ => "simulated",
        };
    }

    private static string? TypeOf(JsonElement type) => type.ValueKind == JsonValueKind.Array ? type[0].GetString() : type.GetString();

    private static JsonObject ObjectOf(JsonElement schema, int depth)
    {
        var made = new JsonObject();
        if (schema.TryGetProperty("properties", out var properties))
        {
            foreach (var property in properties.EnumerateObject())
            {
                made[property.Name] = Of(property.Value, depth + 1);
            }
        }

        return made;
    }
}
