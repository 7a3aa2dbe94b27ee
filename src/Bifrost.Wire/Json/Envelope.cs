namespace Bifrost.Wire.Json;

/// <summary>A stretch of a body.</summary>
public readonly record struct ByteRange(int Start, int Length)
{
    public int End => Start + Length;

    public bool IsEmpty => Length == 0;
}

/// <summary>Where the few things are that routing must know of a request body. Ranges are empty when the member is absent.</summary>
public readonly record struct Envelope
{
    /// <summary>The value of <c>model</c> with its quotes.</summary>
    public ByteRange Model { get; init; }

    /// <summary>The model, unescaped.</summary>
    public string ModelName { get; init; }

    /// <summary>The body is a multipart form; then <see cref="Model"/> has no quotes.</summary>
    public bool InForm { get; init; }

    /// <summary><c>"stream": true</c>.</summary>
    public bool Streams { get; init; }

    /// <summary>The whole member <c>fallbacks</c> with one adjoining comma, so that cutting it out leaves valid JSON.</summary>
    public ByteRange FallbacksMember { get; init; }

    /// <summary>The value of <c>fallbacks</c>.</summary>
    public ByteRange Fallbacks { get; init; }
}
