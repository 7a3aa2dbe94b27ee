using System.Buffers;
using System.Text;
using System.Text.Json;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIAudio;

/// <summary>Writes a transcript in each of the formats a caller can ask for.</summary>
internal static class TranscriptWriter
{
    public static string ContentTypeOf(TranscriptFormat format) =>
        format switch
        {
            // OpenAI's SDK for .NET reads anything but text/plain as JSON, so WebVTT does not travel under its own name.
            TranscriptFormat.Text or TranscriptFormat.Srt or TranscriptFormat.Vtt => "text/plain; charset=utf-8",
            _ => "application/json",
        };

    public static void Write(Transcript transcript, TranscriptionRequest? asked, IBufferWriter<byte> output)
    {
        var format = asked?.Format ?? TranscriptFormat.Json;
        switch (format)
        {
            case TranscriptFormat.Text:
                Encoding.UTF8.GetBytes(transcript.Text.AsSpan().Trim(), output);
                output.Write("\n"u8);
                break;
            case TranscriptFormat.Srt or TranscriptFormat.Vtt when transcript.Subtitles is { } subtitles:
                Encoding.UTF8.GetBytes(subtitles, output);
                break;
            case TranscriptFormat.Srt or TranscriptFormat.Vtt:
                SubtitleWriter.Write(transcript, format == TranscriptFormat.Vtt, output);
                break;
            case TranscriptFormat.VerboseJson:
                WriteVerbose(transcript, asked?.Translates == true, output);
                break;
            default:
                WriteJson(transcript, output);
                break;
        }
    }

    /// <summary>Tokens when some were counted, otherwise the length of the sound when it is known, otherwise nothing.</summary>
    public static void WriteUsage(Utf8JsonWriter json, Transcript transcript)
    {
        if (transcript.Usage is { TotalTokens: > 0 } usage)
        {
            json.WriteStartObject("usage"u8);
            json.WriteString("type"u8, "tokens"u8);
            json.WriteNumber("input_tokens"u8, usage.InputTokens);
            json.WriteStartObject("input_token_details"u8);
            json.WriteNumber("text_tokens"u8, Math.Max(0, usage.InputTokens - usage.AudioInputTokens));
            json.WriteNumber("audio_tokens"u8, usage.AudioInputTokens);
            json.WriteEndObject();
            json.WriteNumber("output_tokens"u8, usage.OutputTokens);
            json.WriteNumber("total_tokens"u8, usage.TotalTokens);
            json.WriteEndObject();
        }
        else if (transcript.Duration is { } duration)
        {
            json.WriteStartObject("usage"u8);
            json.WriteString("type"u8, "duration"u8);
            json.WriteNumber("seconds"u8, Math.Ceiling(duration));
            json.WriteEndObject();
        }
    }

    private static void WriteJson(Transcript transcript, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        json.WriteStartObject();
        json.WriteString("text"u8, transcript.Text.AsSpan().Trim());
        WriteUsage(json, transcript);
        json.WriteEndObject();
    }

    private static void WriteVerbose(Transcript transcript, bool translates, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        json.WriteStartObject();
        json.WriteString("task"u8, translates ? "translate"u8 : "transcribe"u8);
        json.WriteIfSet("language"u8, transcript.Language);
        json.WriteIfSet("duration"u8, transcript.Duration);
        json.WriteString("text"u8, transcript.Text.AsSpan().Trim());
        if (transcript.Segments.Count > 0)
        {
            json.WriteStartArray("segments"u8);
            foreach (var segment in transcript.Segments)
            {
                WriteSegment(json, segment);
            }

            json.WriteEndArray();
        }

        if (transcript.Words.Count > 0)
        {
            json.WriteStartArray("words"u8);
            foreach (var word in transcript.Words)
            {
                json.WriteStartObject();
                json.WriteString("word"u8, word.Text);
                json.WriteNumber("start"u8, word.Start);
                json.WriteNumber("end"u8, word.End);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        WriteUsage(json, transcript);
        json.WriteEndObject();
    }

    // What the model did not report is left out, for the .NET SDK reads numbers here and chokes on null.
    private static void WriteSegment(Utf8JsonWriter json, Segment segment)
    {
        json.WriteStartObject();
        json.WriteNumber("id"u8, segment.Id);
        json.WriteIfSet("seek"u8, (long?)segment.Seek);
        json.WriteNumber("start"u8, segment.Start);
        json.WriteNumber("end"u8, segment.End);
        json.WriteString("text"u8, segment.Text);
        json.WriteStartArray("tokens"u8);
        foreach (var token in segment.Tokens)
        {
            json.WriteNumberValue(token);
        }

        json.WriteEndArray();
        json.WriteIfSet("temperature"u8, segment.Temperature);
        json.WriteIfSet("avg_logprob"u8, segment.AverageLogProbability);
        json.WriteIfSet("compression_ratio"u8, segment.CompressionRatio);
        json.WriteIfSet("no_speech_prob"u8, segment.NoSpeechProbability);
        json.WriteEndObject();
    }
}
