namespace Bifrost.Wire.Canonical.Chat;

public enum FinishReason
{
    Stop,
    Length,
    ToolCalls,
    ContentFilter,
}

/// <summary>Where a reply stands. All but <see cref="Completed"/> occur only where replies can be asked for later (Responses).</summary>
public enum ReplyStatus
{
    Completed,
    Queued,
    InProgress,
    Incomplete,
    Failed,
    Cancelled,
}

/// <summary>A whole answer to a <see cref="Conversation"/> or <see cref="Completions.Prompt"/>.</summary>
public sealed record Reply
{
    /// <summary>Without any dialect's prefix; the writer adds <c>chatcmpl-</c>, <c>resp_</c>, … unless it is there already.</summary>
    public required string Id { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The model name the caller is shown: the one it asked for.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<Choice> Choices { get; init; }

    /// <summary>Null when unknown: it is then absent, not zero.</summary>
    public Usage? Usage { get; init; }

    public ReplyStatus Status { get; init; } = ReplyStatus.Completed;

    /// <summary>Set with <see cref="ReplyStatus.Failed"/>.</summary>
    public Faults.Fault? Fault { get; init; }
}

/// <param name="Index">From 0.</param>
/// <param name="Blocks">Text, reasoning, tool calls, refusals in order.</param>
/// <param name="Finish">Why it ended; null while unfinished.</param>
public sealed record Choice(int Index, IReadOnlyList<Block> Blocks, FinishReason? Finish);
