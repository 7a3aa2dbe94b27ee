using System.Text.Json;
using System.Text.Json.Serialization;

namespace Bifrost.Testing.Node;

/// <summary>How one JavaScript test ended, as tests/clients/reporter.mjs writes it.</summary>
/// <param name="Name">As in the file.</param>
/// <param name="Passed">False for a failure; true for a skipped test too.</param>
/// <param name="Skipped">Why, or null.</param>
/// <param name="Milliseconds">How long it took.</param>
/// <param name="Message">The failure with its stack, or null.</param>
public sealed record NodeOutcome(string Name, bool Passed, string? Skipped, double Milliseconds, string? Message)
{
    public static NodeOutcome Read(string line) => JsonSerializer.Deserialize(line, NodeOutcomeJson.Default.NodeOutcome)!;
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NodeOutcome))]
internal sealed partial class NodeOutcomeJson : JsonSerializerContext;
