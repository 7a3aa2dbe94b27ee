namespace Bifrost.Wire.Canonical.Audio;

public enum TranscriptFormat
{
    Json,
    Text,
    Srt,
    Vtt,
    VerboseJson,
}

/// <summary>Speech to be written down, or (with <see cref="Translates"/>) written down in English.</summary>
public sealed record TranscriptionRequest
{
    public required string Model { get; init; }

    public required InlineSource File { get; init; }

    public bool Translates { get; init; }

    public string? Language { get; init; }

    public string? Prompt { get; init; }

    public double? Temperature { get; init; }

    public TranscriptFormat Format { get; init; }

    /// <summary>word and/or segment.</summary>
    public IReadOnlyList<string> Granularities { get; init; } = [];

    public bool Streams { get; init; }

    public Extensions Extensions { get; init; } = Extensions.None;
}

public sealed record Transcript
{
    public required string Text { get; init; }

    public string? Language { get; init; }

    /// <summary>Length of the sound in seconds.</summary>
    public double? Duration { get; init; }

    public IReadOnlyList<Segment> Segments { get; init; } = [];

    public IReadOnlyList<Word> Words { get; init; } = [];

    /// <summary>The subtitle file itself, when the provider made one in the format asked for.</summary>
    public string? Subtitles { get; init; }

    public Usage? Usage { get; init; }
}

/// <summary>Times in seconds.</summary>
public sealed record Segment(int Id, double Start, double End, string Text)
{
    public int? Seek { get; init; }

    public IReadOnlyList<int> Tokens { get; init; } = [];

    public double? Temperature { get; init; }

    public double? AverageLogProbability { get; init; }

    public double? CompressionRatio { get; init; }

    public double? NoSpeechProbability { get; init; }
}

public sealed record Word(string Text, double Start, double End);

/// <summary>One step of a transcript that arrives in pieces.</summary>
public abstract record TranscriptDelta;

public sealed record TranscriptPiece(string Text) : TranscriptDelta, ITextDelta;

public sealed record TranscriptFinished(Transcript Transcript) : TranscriptDelta, IUsageDelta
{
    public Usage? Usage => Transcript.Usage;
}

public sealed record TranscriptFailed(Faults.Fault Fault) : TranscriptDelta, IFailedDelta;
