namespace Bifrost.Wire.Canonical.Chat;

/// <summary>One step of a reply that arrives in pieces. Order: one <see cref="ReplyStarted"/>, any number of pieces, one
/// <see cref="ChoiceFinished"/> for each choice, at most one <see cref="UsageKnown"/>; or a <see cref="ReplyFailed"/> at any time, which is last.</summary>
public abstract record ReplyDelta;

/// <summary>Id, time and model as in <see cref="Reply"/>.</summary>
public sealed record ReplyStarted(string Id, DateTimeOffset CreatedAt, string Model) : ReplyDelta, IOpeningDelta;

public sealed record TextPiece(int Choice, string Text) : ReplyDelta, ITextDelta;

public sealed record ReasoningPiece(int Choice, string Text) : ReplyDelta, ITextDelta;

public sealed record RefusalPiece(int Choice, string Text) : ReplyDelta, ITextDelta;

/// <param name="Choice">Index of the choice.</param>
/// <param name="Call">Index of the call within the choice.</param>
/// <param name="Id">Set on the first piece of a call.</param>
/// <param name="Name">Set on the first piece of a call.</param>
/// <param name="Arguments">The next piece of the arguments' JSON text.</param>
public sealed record ToolCallPiece(int Choice, int Call, string? Id, string? Name, string Arguments) : ReplyDelta, ITextDelta
{
    string ITextDelta.Text => Name + Arguments;
}

public sealed record ChoiceFinished(int Choice, FinishReason Finish) : ReplyDelta;

public sealed record UsageKnown(Usage Usage) : ReplyDelta, IUsageDelta;

public sealed record ReplyFailed(Faults.Fault Fault) : ReplyDelta, IFailedDelta;
