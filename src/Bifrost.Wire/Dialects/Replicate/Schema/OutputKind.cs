namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>What a model answers with.</summary>
public enum OutputKind
{
    Unknown,

    /// <summary>Pieces of one text, to be joined with nothing in between.</summary>
    TextStream,
    Text,

    /// <summary>The address of one file.</summary>
    File,
    Files,

    /// <summary>Addresses of files that come one after another.</summary>
    FileStream,
    Object,
}
