using System.Text.Json;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Gathers what a property says itself and what the schemas it refers to say. The nearest word wins.</summary>
internal sealed class PropertyFacts
{
    private string? _type;
    private string? _format;
    private string? _itemFormat;
    private bool _itemsAreText;

    public IReadOnlyList<JsonElement> Choices { get; private set; } = [];

    public double? Minimum { get; private set; }

    public double? Maximum { get; private set; }

    public JsonElement? Default { get; private set; }

    public bool Nullable { get; private set; }

    public bool Secret { get; private set; }

    public string? Description { get; private set; }

    public int? MaxItems { get; private set; }

    public void Gather(JsonElement schemas, JsonElement schema, int depth)
    {
        if (depth == 0 || schema.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        Own(schemas, schema, depth);
        if (SchemaReader.Follow(schemas, schema, out var target))
        {
            Gather(schemas, target, depth - 1);
        }

        Branches(schemas, schema, "allOf", depth);
        Branches(schemas, schema, "anyOf", depth);
        Branches(schemas, schema, "oneOf", depth);
    }

    public InputKind Kind()
    {
        var kind = _type switch
        {
            "string" => _format == "uri" ? InputKind.File : InputKind.Text,
            "integer" => InputKind.Integer,
            "number" => InputKind.Number,
            "boolean" => InputKind.Flag,
            "array" => _itemsAreText && _itemFormat == "uri" ? InputKind.Files : InputKind.List,
            "object" => InputKind.Object,
            _ => InputKind.Any,
        };
        return kind == InputKind.Any && Choices.Count > 0 ? OfChoices() : kind;
    }

    private void Own(JsonElement schemas, JsonElement schema, int depth)
    {
        ReadType(schema);
        _format ??= SchemaReader.Text(schema, "format");
        Description ??= SchemaReader.Text(schema, "description");
        Minimum ??= SchemaReader.Number(schema, "minimum") ?? SchemaReader.Number(schema, "ge");
        Maximum ??= SchemaReader.Number(schema, "maximum") ?? SchemaReader.Number(schema, "le");
        MaxItems ??= SchemaReader.Whole(schema, "maxItems");
        Nullable |= SchemaReader.Flag(schema, "nullable");
        Secret |= SchemaReader.Flag(schema, "x-cog-secret") || SchemaReader.Text(schema, "format") == "password";
        if (Default is null && SchemaReader.Member(schema, "default", out var standard) && IsReadable(standard))
        {
            Default = standard.Clone();
        }

        if (Choices.Count == 0 && SchemaReader.Member(schema, "enum", out var choices) && choices.ValueKind == JsonValueKind.Array)
        {
            Choices = ReadChoices(choices);
        }

        if (SchemaReader.Member(schema, "items", out var items))
        {
            var entry = new PropertyFacts();
            entry.Gather(schemas, items, depth - 1);
            _itemsAreText |= entry._type is "string" or null;
            _itemFormat ??= entry._format;
        }
    }

    private List<JsonElement> ReadChoices(JsonElement choices)
    {
        var read = new List<JsonElement>(choices.GetArrayLength());
        foreach (var choice in choices.EnumerateArray())
        {
            if (choice.ValueKind == JsonValueKind.Null)
            {
                Nullable = true;
            }
            else if (IsReadable(choice))
            {
                read.Add(choice.Clone());
            }
        }

        return read;
    }

    private static bool IsReadable(JsonElement value) => value.ValueKind != JsonValueKind.String || SchemaReader.Words(value) is not null;

    // OpenAPI 3.1 writes "type": ["string", "null"].
    private void ReadType(JsonElement schema)
    {
        if (!SchemaReader.Member(schema, "type", out var type))
        {
            return;
        }

        if (type.ValueKind == JsonValueKind.Array)
        {
            foreach (var one in type.EnumerateArray())
            {
                TakeType(SchemaReader.Words(one));
            }
        }
        else
        {
            TakeType(SchemaReader.Words(type));
        }
    }

    private void TakeType(string? type)
    {
        if (type == "null")
        {
            Nullable = true;
        }
        else
        {
            _type ??= type;
        }
    }

    private void Branches(JsonElement schemas, JsonElement schema, string name, int depth)
    {
        if (!SchemaReader.Member(schema, name, out var branches) || branches.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var branch in branches.EnumerateArray())
        {
            Gather(schemas, branch, depth - 1);
        }
    }

    private InputKind OfChoices() =>
        Choices[0].ValueKind switch
        {
            JsonValueKind.String => InputKind.Text,
            JsonValueKind.Number => InputKind.Integer,
            _ => InputKind.Any,
        };
}
