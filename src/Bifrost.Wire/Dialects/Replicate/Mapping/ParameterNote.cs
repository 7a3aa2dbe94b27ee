namespace Bifrost.Wire.Dialects.Replicate;

public enum NoteKind
{
    /// <summary>The model has nothing like it, so it was left out.</summary>
    Dropped,

    /// <summary>It was sent with another value.</summary>
    Changed,

    /// <summary>It was sent under another name or in another place, with the same meaning.</summary>
    Moved,
}

/// <summary>What became of a parameter that did not travel as the caller wrote it.</summary>
/// <param name="Parameter">In the caller's spelling.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Message">One sentence for the caller.</param>
public sealed record ParameterNote(string Parameter, NoteKind Kind, string Message);
