namespace Bifrost.Simulator;

/// <summary>What a simulated model makes.</summary>
public enum AnswerKind
{
    /// <summary>Whatever fits the output schema.</summary>
    BySchema,

    /// <summary>Text that answers the prompt.</summary>
    Text,

    /// <summary>Text that begins with its chain of thought inside <c>think</c> tags.</summary>
    Thinking,

    /// <summary>An object in the manner of the Responses API.</summary>
    Structured,

    /// <summary>Pictures.</summary>
    Image,

    /// <summary>A video.</summary>
    Video,

    /// <summary>A transcript: Whisper's object, or text pieces when the schema streams.</summary>
    Transcript,

    /// <summary>A transcript as an object with text and timed chunks.</summary>
    Chunks,
}
