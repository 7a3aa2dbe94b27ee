using Bifrost.Core;
using Bifrost.Core.Contracts;

namespace Bifrost.Governance.Estimates;

/// <summary>What a request says about its cost.</summary>
internal readonly record struct CallFacts
{
    public required Operation Operation { get; init; }

    /// <summary>Bytes of the request; zero where there is none.</summary>
    public required long BodyBytes { get; init; }

    /// <summary>Most output tokens of one choice that the caller wants, or null.</summary>
    public long? OutputCap { get; init; }

    /// <summary>Answers asked for, at least 1.</summary>
    public int Choices { get; init; }

    /// <summary>Something belongs to the input whose tokens its bytes do not bound: it is only named (an address, a file id, an earlier response), or it
    /// is a picture, a sound or a file. An empty picture of a hundred bytes is worth thousands of tokens to some models.</summary>
    public bool HasMedia { get; init; }

    /// <summary>Read and written anew on the way, so that its settings may be changed to what the model takes.</summary>
    public bool Translated { get; init; }

    /// <summary>How long the provider may work on it.</summary>
    public TimeSpan Patience { get; init; }

    /// <summary>Pictures and films; null for everything else.</summary>
    public MediaOrder? Media { get; init; }

    /// <summary>Text only: tokens are at least a byte each.</summary>
    public long TextBytes => HasMedia || IsUpload ? 0 : BodyBytes;

    /// <summary>The body is mostly a file.</summary>
    public bool IsUpload => Operation is Operation.Transcription or Operation.Translation or Operation.ImageEdit;

    /// <summary>Replicate's predictions for one choice or picture each, at most.</summary>
    public int Runs => Math.Max(1, Math.Max(Choices, Media?.Count ?? 1));

    public static CallFacts Of(Exchange exchange, Target target) =>
        new()
        {
            Operation = exchange.Operation,
            BodyBytes = exchange.Body.Length,
            OutputCap = exchange.Envelope.OutputCap,
            Choices = Math.Max(1, exchange.Envelope.Choices),
            HasMedia = exchange.Envelope.ContentReferences > 0 || exchange.Envelope.InlineMedia > 0,
            Translated = target.Lane == Lane.Translated,
            Patience = exchange.Operation is Operation.VideoCreate or Operation.VideoRemix ? JobLife : target.Provider.Patience,
            Media = MediaOrder.Of(exchange),
        };

    // A job outlives its request; Replicate stops a prediction after half an hour of running (its documents on prediction lifecycles).
    private static readonly TimeSpan JobLife = TimeSpan.FromMinutes(30);
}
