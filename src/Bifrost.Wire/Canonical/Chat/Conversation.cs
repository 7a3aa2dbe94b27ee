using System.Text.Json;

namespace Bifrost.Wire.Canonical.Chat;

/// <summary>A chat to be continued: our own shape, which every chat dialect reads into and writes from.</summary>
public sealed record Conversation
{
    /// <summary>The model as the caller wrote it.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<Turn> Turns { get; init; }

    public Sampling Sampling { get; init; } = Sampling.Unset;

    public IReadOnlyList<Tool> Tools { get; init; } = [];

    public ToolChoice? ToolChoice { get; init; }

    public bool? ParallelToolCalls { get; init; }

    public ReplyFormat? Format { get; init; }

    public ReasoningAsk? Reasoning { get; init; }

    /// <summary>low, medium or high.</summary>
    public string? Verbosity { get; init; }

    /// <summary>How many alternatives to make. Default 1.</summary>
    public int Count { get; init; } = 1;

    public bool Streams { get; init; }

    /// <summary>The caller wants a usage chunk at the end of a chat stream.</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>The caller's own name for its user.</summary>
    public string? User { get; init; }

    /// <summary>Answer at once with a queued reply, to be fetched later (Responses).</summary>
    public bool Background { get; init; }

    public string? PreviousReplyId { get; init; }

    public bool? Store { get; init; }

    /// <summary>The caller's metadata object as it came, or null. Echoed, never interpreted.</summary>
    public JsonElement? Metadata { get; init; }

    public Extensions Extensions { get; init; } = Extensions.None;
}

public enum Role
{
    System,
    Developer,
    User,
    Assistant,
    Tool,
}

/// <summary>One message.</summary>
public sealed record Turn(Role Role, IReadOnlyList<Block> Blocks)
{
    public string? Name { get; init; }
}

/// <summary>How to choose the next token. Null means: the caller did not say.</summary>
public sealed record Sampling
{
    public static readonly Sampling Unset = new();

    public int? MaxTokens { get; init; }

    public double? Temperature { get; init; }

    public double? TopP { get; init; }

    public int? TopK { get; init; }

    public double? PresencePenalty { get; init; }

    public double? FrequencyPenalty { get; init; }

    public long? Seed { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];
}

/// <summary>A tool the model may call. <paramref name="Json"/> is the definition as it came, in its dialect's shape.</summary>
/// <param name="Kind">function, custom, web_search, …</param>
/// <param name="Name">Name of a function or custom tool, else null.</param>
/// <param name="Description">What the caller says it does.</param>
/// <param name="Parameters">JSON schema of a function's arguments, key order kept.</param>
/// <param name="Strict">Whether arguments must follow the schema.</param>
/// <param name="Json">The whole definition as received.</param>
public sealed record Tool(string Kind, string? Name, string? Description, JsonElement? Parameters, bool? Strict, JsonElement Json);

/// <param name="Mode">auto, none, required, or function (then <paramref name="Name"/> is set), or other (see <paramref name="Json"/>).</param>
/// <param name="Name">The function to call.</param>
/// <param name="Json">As received.</param>
public sealed record ToolChoice(string Mode, string? Name, JsonElement Json);

/// <param name="Kind">text, json_object or json_schema.</param>
/// <param name="Name">Name of the schema.</param>
/// <param name="Schema">The bare JSON schema.</param>
/// <param name="Strict">Whether the schema must be kept to.</param>
public sealed record ReplyFormat(string Kind, string? Name = null, JsonElement? Schema = null, bool? Strict = null);

/// <param name="Effort">none, minimal, low, medium, high, xhigh.</param>
/// <param name="MaxTokens">Budget for reasoning in tokens.</param>
/// <param name="Summary">auto, concise, detailed (Responses).</param>
public sealed record ReasoningAsk(string? Effort, int? MaxTokens = null, string? Summary = null);
