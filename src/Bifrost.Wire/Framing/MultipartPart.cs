namespace Bifrost.Wire.Framing;

/// <summary>One part of a form: its labels, and where its content lies in the body.</summary>
/// <param name="Name">Name of the field; never empty.</param>
/// <param name="FileName">As declared, path included, or null for a plain field.</param>
/// <param name="ContentType">As declared, or null.</param>
/// <param name="Start">First byte of the content, counted from the start of the body.</param>
/// <param name="Length">Bytes of content.</param>
public readonly record struct MultipartPart(string Name, string? FileName, string? ContentType, int Start, int Length)
{
    public bool IsFile => FileName is not null;

    /// <summary>The last segment of <see cref="FileName"/>, whichever slash the sender's system uses.</summary>
    public string? BareFileName => FileName is null ? null : FileName[(FileName.AsSpan().LastIndexOfAny('/', '\\') + 1)..];
}
