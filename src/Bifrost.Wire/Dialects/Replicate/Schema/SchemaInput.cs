using System.Text.Json;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>What an input takes.</summary>
public enum InputKind
{
    /// <summary>The schema does not say, or says something we do not know.</summary>
    Any,
    Text,
    Integer,
    Number,
    Flag,

    /// <summary>The address of a file (<c>format: uri</c>), or a data URL.</summary>
    File,

    /// <summary>A list of such addresses.</summary>
    Files,

    /// <summary>A list of anything else.</summary>
    List,
    Object,
}

/// <summary>One input of a model, as its published schema describes it.</summary>
public sealed record SchemaInput(string Name, InputKind Kind)
{
    /// <summary>The values allowed, with their JSON types; empty when any value is.</summary>
    public IReadOnlyList<JsonElement> Choices { get; init; } = [];

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public JsonElement? Default { get; init; }

    public bool Required { get; init; }

    public bool Nullable { get; init; }

    /// <summary>A key or password: filled from configuration, never from a caller.</summary>
    public bool Secret { get; init; }

    /// <summary>The author's words, or empty.</summary>
    public string Description { get; init; } = "";

    /// <summary>Position in the author's order (<c>x-order</c>).</summary>
    public int Order { get; init; }

    /// <summary>Most entries of a list, or null.</summary>
    public int? MaxItems { get; init; }
}
