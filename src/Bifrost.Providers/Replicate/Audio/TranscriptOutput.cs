using System.Text.Json;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Providers.Replicate;

/// <summary>Reads what speech models answer: Whisper's object, the chunks of its fast sibling, or nothing but text.</summary>
internal static class TranscriptOutput
{
    public static Transcript Read(Prediction prediction, TranscriptionRequest asked)
    {
        if (prediction.Output is not { ValueKind: JsonValueKind.Object } output)
        {
            return new Transcript { Text = PredictionText.Join(prediction.Output).Trim() };
        }

        var spoken = (asked.Translates ? Text(output, "translation") : null) ?? Text(output, "transcription") ?? Text(output, "text") ?? "";
        var segments = SegmentsOf(output);
        List<Word> words = [];
        if (segments.Count == 0)
        {
            var chunks = ChunksOf(output);
            var wordwise = asked.Granularities.Contains("word");
            words = wordwise ? chunks : [];
            segments = wordwise ? [] : [.. chunks.Select((chunk, i) => new Segment(i, chunk.Start, chunk.End, chunk.Text))];
        }

        var isSubtitles = asked.Format is TranscriptFormat.Srt or TranscriptFormat.Vtt && spoken.Contains("-->", StringComparison.Ordinal);
        return new Transcript
        {
            Text = isSubtitles ? string.Concat(segments.Select(segment => segment.Text)).Trim() : spoken.Trim(),
            Subtitles = isSubtitles ? spoken : null,
            Language = Text(output, "detected_language") ?? Text(output, "language"),
            Segments = segments,
            Words = words,
            Duration =
                segments.Count > 0 ? segments[^1].End
                : words.Count > 0 ? words[^1].End
                : null,
        };
    }

    /// <summary>Older versions of Whisper put the subtitles into a file; its address, or null.</summary>
    public static string? SubtitleFileOf(Prediction prediction, TranscriptFormat format) =>
        prediction.Output is { ValueKind: JsonValueKind.Object } output
            ? format switch
            {
                TranscriptFormat.Srt => Text(output, "srt_file"),
                TranscriptFormat.Vtt => Text(output, "vtt_file"),
                _ => null,
            }
            : null;

    private static List<Segment> SegmentsOf(JsonElement output)
    {
        var segments = new List<Segment>();
        foreach (var segment in ListOf(output, "segments"))
        {
            if (Number(segment, "start") is { } start && Number(segment, "end") is { } end)
            {
                segments.Add(
                    new Segment((int?)Number(segment, "id") ?? segments.Count, start, end, Text(segment, "text") ?? "")
                    {
                        Seek = (int?)Number(segment, "seek"),
                        Tokens = [.. ListOf(segment, "tokens").Where(token => token.TryGetInt32(out _)).Select(token => token.GetInt32())],
                        Temperature = Number(segment, "temperature"),
                        AverageLogProbability = Number(segment, "avg_logprob"),
                        CompressionRatio = Number(segment, "compression_ratio"),
                        NoSpeechProbability = Number(segment, "no_speech_prob"),
                    }
                );
            }
        }

        return segments;
    }

    private static List<Word> ChunksOf(JsonElement output)
    {
        var chunks = new List<Word>();
        foreach (var chunk in ListOf(output, "chunks"))
        {
            var times = ListOf(chunk, "timestamp").ToList();
            if (times.Count == 2 && times[0].ValueKind == JsonValueKind.Number)
            {
                // The last chunk may have no end.
                var start = times[0].GetDouble();
                var end = times[1].ValueKind == JsonValueKind.Number ? times[1].GetDouble() : start;
                chunks.Add(new Word((Text(chunk, "text") ?? "").Trim(), start, end));
            }
        }

        return chunks;
    }

    private static JsonElement.ArrayEnumerator ListOf(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray()
            : default;

    private static string? Text(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static double? Number(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : null;
}
