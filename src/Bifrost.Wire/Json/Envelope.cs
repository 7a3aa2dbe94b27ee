namespace Bifrost.Wire.Json;

/// <summary>A stretch of a body.</summary>
public readonly record struct ByteRange(int Start, int Length)
{
    public int End => Start + Length;

    public bool IsEmpty => Length == 0;
}

/// <summary>Which top-level members limit the length of an answer; each operation knows its own.</summary>
[Flags]
public enum CapMembers
{
    None = 0,

    /// <summary><c>max_tokens</c>: chat (deprecated there) and completions.</summary>
    MaxTokens = 1,

    /// <summary><c>max_completion_tokens</c>: chat.</summary>
    MaxCompletionTokens = 2,

    /// <summary><c>max_output_tokens</c>: Responses.</summary>
    MaxOutputTokens = 4,
}

/// <summary>The few things that routing and limits must know of a request body, and where they stand. Ranges are empty when the member is absent.</summary>
public readonly record struct Envelope
{
    public Envelope() { }

    /// <summary>The value of <c>model</c> with its quotes.</summary>
    public ByteRange Model { get; init; }

    /// <summary>The model, unescaped.</summary>
    public string ModelName { get; init; } = "";

    /// <summary>The body is a multipart form; then <see cref="Model"/> has no quotes.</summary>
    public bool InForm { get; init; }

    /// <summary><c>"stream": true</c>.</summary>
    public bool Streams { get; init; }

    /// <summary>The whole member <c>fallbacks</c> with one adjoining comma, so that cutting it out leaves valid JSON.</summary>
    public ByteRange FallbacksMember { get; init; }

    /// <summary>The value of <c>fallbacks</c>.</summary>
    public ByteRange Fallbacks { get; init; }

    /// <summary>Most output tokens the caller wants for each choice: the highest of the members that count for the operation. Null: it sets
    /// none, or one below zero, which some servers take for none.</summary>
    public long? OutputCap { get; init; }

    /// <summary>The value of <c>max_tokens</c> or <c>max_output_tokens</c>, whichever the operation knows.</summary>
    public ByteRange CapAt { get; init; }

    /// <summary>The value of <c>max_completion_tokens</c>.</summary>
    public ByteRange CompletionCapAt { get; init; }

    /// <summary>How many answers are made and paid for: the higher of <c>n</c> and <c>best_of</c>, times the prompts of a completion. At least 1;
    /// what is beyond <see cref="int.MaxValue"/> is that.</summary>
    public int Choices { get; init; } = 1;

    /// <summary><c>stream_options.include_usage</c> is true.</summary>
    public bool AsksUsage { get; init; }

    /// <summary>The value of <c>stream_options</c>.</summary>
    public ByteRange StreamOptions { get; init; }

    /// <summary>The value of <c>include_usage</c> within <see cref="StreamOptions"/>.</summary>
    public ByteRange IncludeUsage { get; init; }

    /// <summary>Things that count as input and whose size the body does not show: addresses of pictures, sounds and films, file and vector store
    /// ids, earlier responses, stored prompts, tools that the provider runs. May count too many, never too few.</summary>
    public int ContentReferences { get; init; }

    /// <summary>Pictures, sounds and files within the body, which are not worth as many tokens as they have bytes.</summary>
    public int InlineMedia { get; init; }
}
