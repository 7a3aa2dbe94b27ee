namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>How a conversation is written into a single prompt.</summary>
public enum PromptStyle
{
    /// <summary>Turns labelled with their speaker.</summary>
    Transcript,

    /// <summary>Llama 3's headers.</summary>
    Llama3,

    /// <summary>Llama 2's <c>[INST]</c>, the system text apart.</summary>
    Llama2,

    /// <summary>Mistral's <c>[INST]</c>, the system text in the first turn.</summary>
    Mistral,

    /// <summary>Texts one after another: the model was never taught to chat.</summary>
    Raw,
}
