using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Reads Cog's OpenAPI 3.0 document: <c>components.schemas.Input</c> and <c>.Output</c>.</summary>
internal static class SchemaReader
{
    /// <summary>References are followed this deep; the real ones go one or two levels, and a document may refer to itself.</summary>
    private const int MaxDepth = 8;

    private const int MaxInputs = 1000;

    public static Outcome<ModelSchema> Read(JsonElement openApi)
    {
        if (openApi.ValueKind == JsonValueKind.Undefined || !Utf8.IsValid(JsonMarshal.GetRawUtf8Value(openApi)))
        {
            return Unreadable("it is not valid UTF-8");
        }

        if (!Member(openApi, "components", out var components) || !Member(components, "schemas", out var schemas))
        {
            return Unreadable("it has no components.schemas");
        }

        if (!Member(schemas, "Input", out var input))
        {
            return Unreadable("it describes no Input");
        }

        var output = Member(schemas, "Output", out var described) ? OutputReader.Kind(schemas, described, MaxDepth) : OutputKind.Unknown;
        return new ModelSchema(Inputs(schemas, input), output);
    }

    private static Fault Unreadable(string reason) =>
        new(FaultKind.UpstreamInvalid, $"The model's published schema could not be read: {reason}.");

    private static List<SchemaInput> Inputs(JsonElement schemas, JsonElement input)
    {
        var inputs = new List<SchemaInput>();
        if (!Member(input, "properties", out var properties) || properties.ValueKind != JsonValueKind.Object)
        {
            return inputs;
        }

        var required = Names(input, "required");
        foreach (var property in properties.EnumerateObject())
        {
            if (inputs.Count < MaxInputs && NameOf(property) is { } name)
            {
                inputs.Add(One(schemas, name, property.Value, required, inputs.Count));
            }
        }

        // Stable for equal keys: authors without x-order meant the order of the document.
        var order = new (int Order, int Place)[inputs.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = (inputs[i].Order, i);
        }

        Array.Sort(order);
        var sorted = new List<SchemaInput>(inputs.Count);
        foreach (var (_, place) in order)
        {
            sorted.Add(inputs[place]);
        }

        return sorted;
    }

    private static SchemaInput One(JsonElement schemas, string name, JsonElement property, HashSet<string> required, int place)
    {
        var facts = new PropertyFacts();
        facts.Gather(schemas, property, MaxDepth);
        return new SchemaInput(name, facts.Kind())
        {
            Choices = facts.Choices,
            Minimum = facts.Minimum,
            Maximum = facts.Maximum,
            Default = facts.Default,
            Required = required.Contains(name),
            Nullable = facts.Nullable,
            Secret = facts.Secret,
            Description = facts.Description ?? "",
            Order = Whole(property, "x-order") ?? place,
            MaxItems = facts.MaxItems,
        };
    }

    private static HashSet<string> Names(JsonElement from, string name)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (Member(from, name, out var list) && list.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in list.EnumerateArray())
            {
                if (Words(item) is { } word)
                {
                    names.Add(word);
                }
            }
        }

        return names;
    }

    /// <summary>The schema that a local <c>$ref</c> names.</summary>
    internal static bool Follow(JsonElement schemas, JsonElement schema, out JsonElement target)
    {
        const string prefix = "#/components/schemas/";
        target = default;
        return Member(schema, "$ref", out var reference)
            && Words(reference) is { } path
            && path.StartsWith(prefix, StringComparison.Ordinal)
            && Member(schemas, path[prefix.Length..], out target);
    }

    internal static bool Member(JsonElement from, string name, out JsonElement value)
    {
        value = default;
        try
        {
            return from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out value) && value.ValueKind != JsonValueKind.Null;
        }
        catch (InvalidOperationException)
        {
            // Another member's name is broken UTF-16, which the search trips over.
            return false;
        }
    }

    internal static string? Text(JsonElement from, string name) => Member(from, name, out var value) ? Words(value) : null;

    internal static int? Whole(JsonElement from, string name) =>
        Member(from, name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    internal static double? Number(JsonElement from, string name) =>
        Member(from, name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetDouble(out var number)
        && double.IsFinite(number)
            ? number
            : null;

    internal static bool Flag(JsonElement from, string name) => Member(from, name, out var value) && value.ValueKind == JsonValueKind.True;

    /// <summary>A member's name, or null for one that is broken UTF-16.</summary>
    internal static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>A string's text, or null: also for text that is broken UTF-16 (a lone surrogate in an escape), which throws when read.</summary>
    internal static string? Words(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
