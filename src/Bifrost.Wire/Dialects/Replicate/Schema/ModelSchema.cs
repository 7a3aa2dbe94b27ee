using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>What a model takes and gives, read from the OpenAPI document that its container publishes. Immutable.</summary>
public sealed class ModelSchema
{
    private readonly FrozenDictionary<string, SchemaInput> _byName;

    public ModelSchema(IReadOnlyList<SchemaInput> inputs, OutputKind output, bool open = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var byName = new Dictionary<string, SchemaInput>(inputs.Count, StringComparer.Ordinal);
        foreach (var input in inputs)
        {
            byName.TryAdd(input.Name, input);
        }

        (Inputs, Output, IsOpen, _byName) = (inputs, output, open, byName.ToFrozenDictionary(StringComparer.Ordinal));
    }

    /// <summary>In the author's order.</summary>
    public IReadOnlyList<SchemaInput> Inputs { get; }

    public OutputKind Output { get; }

    /// <summary>The real schema is unknown: other inputs than the listed ones may exist, so nothing is dropped for want of a name.</summary>
    public bool IsOpen { get; }

    /// <summary>Whether the model gives its answer piece by piece.</summary>
    public bool Streams => Output is OutputKind.TextStream or OutputKind.FileStream;

    /// <summary>Reads the value of <c>openapi_schema</c>. Whatever the JSON, the answer is a schema or a fault.</summary>
    public static Outcome<ModelSchema> Read(JsonElement openApi) => SchemaReader.Read(openApi);

    public bool Has(string name) => _byName.ContainsKey(name);

    public bool TryGet(string name, [NotNullWhen(true)] out SchemaInput? input) => _byName.TryGetValue(name, out input);

    /// <summary>The first of <paramref name="names"/> that the model has, or null.</summary>
    public SchemaInput? FirstOf(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (_byName.TryGetValue(name, out var input))
            {
                return input;
            }
        }

        return null;
    }
}
