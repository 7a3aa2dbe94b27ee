using System.Text.Json;

namespace Bifrost.Simulator;

/// <summary>The shape of a model's output.</summary>
internal enum OutputShape
{
    Other,
    Text,
    TextPieces,
    File,
    Files,
    FilePieces,
    Object,
}

/// <summary>One property of the Input schema with references resolved.</summary>
internal sealed record InputField(string Name, bool Required, JsonElement Schema, bool Nullable, JsonElement? Default)
{
    public string? Type => Text("type");

    public string? Format => Text("format");

    public JsonElement? Enum => Schema.TryGetProperty("enum", out var values) ? values : null;

    public double? Minimum => Number("minimum");

    public double? Maximum => Number("maximum");

    private string? Text(string name) =>
        Schema.ValueKind == JsonValueKind.Object && Schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private double? Number(string name) =>
        Schema.ValueKind == JsonValueKind.Object && Schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;
}

/// <summary>What the simulator needs of Cog's OpenAPI document.</summary>
internal sealed class ModelSchema
{
    private ModelSchema(IReadOnlyDictionary<string, InputField> inputs, JsonElement output, OutputShape shape)
    {
        Inputs = inputs;
        Output = output;
        Shape = shape;
    }

    public IReadOnlyDictionary<string, InputField> Inputs { get; }

    public JsonElement Output { get; }

    public OutputShape Shape { get; }

    public bool Streams => Shape is OutputShape.TextPieces or OutputShape.FilePieces;

    public static ModelSchema Read(string openApi)
    {
        using var document = JsonDocument.Parse(openApi);
        var root = document.RootElement.Clone();
        var schemas = root.GetProperty("components").GetProperty("schemas");
        var fields = new Dictionary<string, InputField>(StringComparer.Ordinal);
        if (schemas.TryGetProperty("Input", out var input) && input.TryGetProperty("properties", out var properties))
        {
            var required = Required(input);
            foreach (var property in properties.EnumerateObject())
            {
                var (schema, nullable) = Resolve(property.Value, schemas);
                JsonElement? fallback = property.Value.TryGetProperty("default", out var given) ? given : null;
                fields[property.Name] = new InputField(property.Name, required.Contains(property.Name), schema, nullable, fallback);
            }
        }

        var output = schemas.TryGetProperty("Output"u8, out var declared) ? Resolve(declared, schemas).Schema : default;
        return new ModelSchema(fields, output, ShapeOf(output, schemas));
    }

    private static HashSet<string> Required(JsonElement input)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (input.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
            {
                _ = names.Add(name.GetString()!);
            }
        }

        return names;
    }

    private static (JsonElement Schema, bool Nullable) Resolve(JsonElement schema, JsonElement schemas)
    {
        var nullable = schema.TryGetProperty("nullable", out var said) && said.ValueKind == JsonValueKind.True;
        if (schema.TryGetProperty("$ref", out var reference))
        {
            var name = reference.GetString()!;
            return (schemas.GetProperty(name[(name.LastIndexOf('/') + 1)..]), nullable);
        }

        if (schema.TryGetProperty("allOf", out var all) && all.GetArrayLength() == 1)
        {
            return (Resolve(all[0], schemas).Schema, nullable);
        }

        if (schema.TryGetProperty("anyOf", out var any))
        {
            foreach (var choice in any.EnumerateArray())
            {
                if (choice.TryGetProperty("type", out var type) && type.GetString() == "null")
                {
                    nullable = true;
                }
            }

            foreach (var choice in any.EnumerateArray())
            {
                if (!choice.TryGetProperty("type", out var type) || type.GetString() != "null")
                {
                    return (Resolve(choice, schemas).Schema, nullable);
                }
            }
        }

        return (schema, nullable);
    }

    private static OutputShape ShapeOf(JsonElement output, JsonElement schemas)
    {
        if (output.ValueKind != JsonValueKind.Object || !output.TryGetProperty("type", out var type))
        {
            return OutputShape.Other;
        }

        switch (type.GetString())
        {
            case "string":
                return IsFile(output) ? OutputShape.File : OutputShape.Text;
            case "object":
                return OutputShape.Object;
            case "array" when output.TryGetProperty("items", out var items):
                var item = Resolve(items, schemas).Schema;
                var pieces = output.TryGetProperty("x-cog-array-type", out var kind) && kind.GetString() == "iterator";
                return IsFile(item) ? (pieces ? OutputShape.FilePieces : OutputShape.Files)
                    : item.TryGetProperty("type", out var of) && of.GetString() == "string" && pieces ? OutputShape.TextPieces
                    : OutputShape.Other;
            default:
                return OutputShape.Other;
        }
    }

    private static bool IsFile(JsonElement schema) => schema.TryGetProperty("format", out var format) && format.GetString() == "uri";
}
