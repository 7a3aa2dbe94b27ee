using System.Text.Json;

namespace Bifrost.Wire.Canonical.Chat;

/// <summary>A piece of content. The hierarchy is closed; what no dialect of ours models travels as <see cref="ForeignBlock"/>.</summary>
public abstract record Block;

public sealed record TextBlock(string Text) : Block;

/// <summary>The model thinking aloud.</summary>
public sealed record ReasoningBlock(string Text, string? Signature = null) : Block;

public sealed record RefusalBlock(string Text) : Block;

/// <param name="Source">Where the picture is.</param>
/// <param name="Detail">low, high, auto or null.</param>
public sealed record ImageBlock(MediaSource Source, string? Detail = null) : Block;

/// <param name="Source">Where the sound is.</param>
/// <param name="Format">wav, mp3, …</param>
public sealed record AudioBlock(MediaSource Source, string? Format = null) : Block;

public sealed record FileBlock(MediaSource Source, string? FileName = null) : Block;

/// <param name="Id">The call's id, which its result names.</param>
/// <param name="Name">The function's name.</param>
/// <param name="Arguments">JSON text as the model wrote it; may be malformed.</param>
public sealed record ToolCallBlock(string Id, string Name, string Arguments) : Block;

public sealed record ToolResultBlock(string CallId, IReadOnlyList<Block> Content) : Block;

/// <summary>Content only the named dialect understands, byte for byte.</summary>
public sealed record ForeignBlock(string Dialect, JsonElement Json) : Block;
