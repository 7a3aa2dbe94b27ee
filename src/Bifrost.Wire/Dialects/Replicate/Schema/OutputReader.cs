using System.Text.Json;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Tells from an Output schema what a model answers with.</summary>
internal static class OutputReader
{
    public static OutputKind Kind(JsonElement schemas, JsonElement output, int depth)
    {
        if (depth == 0 || output.ValueKind != JsonValueKind.Object)
        {
            return OutputKind.Unknown;
        }

        if (SchemaReader.Follow(schemas, output, out var target))
        {
            return Kind(schemas, target, depth - 1);
        }

        return SchemaReader.Text(output, "type") switch
        {
            "string" => SchemaReader.Text(output, "format") == "uri" ? OutputKind.File : OutputKind.Text,
            "array" => OfArray(schemas, output, depth),
            "object" => OutputKind.Object,
            _ => OfBranches(schemas, output, depth),
        };
    }

    private static OutputKind OfArray(JsonElement schemas, JsonElement output, int depth)
    {
        var entries = SchemaReader.Member(output, "items", out var items) ? Kind(schemas, items, depth - 1) : OutputKind.Unknown;
        var arrivesInPieces = SchemaReader.Text(output, "x-cog-array-type") == "iterator";
        return entries switch
        {
            OutputKind.File => arrivesInPieces ? OutputKind.FileStream : OutputKind.Files,

            // Containers from before the marker streamed every list of strings.
            OutputKind.Text => OutputKind.TextStream,
            _ when SchemaReader.Text(output, "x-cog-array-display") == "concatenate" => OutputKind.TextStream,
            OutputKind.Object => OutputKind.Object,
            _ => OutputKind.Unknown,
        };
    }

    private static OutputKind OfBranches(JsonElement schemas, JsonElement output, int depth)
    {
        foreach (var name in (ReadOnlySpan<string>)["allOf", "anyOf", "oneOf"])
        {
            if (!SchemaReader.Member(output, name, out var branches) || branches.ValueKind != JsonValueKind.Array)
            {
                continue;
            }

            foreach (var branch in branches.EnumerateArray())
            {
                if (Kind(schemas, branch, depth - 1) is var kind and not OutputKind.Unknown)
                {
                    return kind;
                }
            }
        }

        return SchemaReader.Member(output, "properties", out _) ? OutputKind.Object : OutputKind.Unknown;
    }
}
