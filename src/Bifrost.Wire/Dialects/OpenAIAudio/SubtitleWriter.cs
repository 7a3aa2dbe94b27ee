using System.Buffers;
using System.Globalization;
using System.Text;
using Bifrost.Wire.Canonical.Audio;

namespace Bifrost.Wire.Dialects.OpenAIAudio;

/// <summary>Makes SubRip and WebVTT files of segments.</summary>
internal static class SubtitleWriter
{
    public static void Write(Transcript transcript, bool webVtt, IBufferWriter<byte> output)
    {
        var text = new StringBuilder(webVtt ? "WEBVTT\n\n" : "");
        var number = 0;
        foreach (var segment in transcript.Segments)
        {
            AddCue(text, ++number, segment.Start, segment.End, segment.Text, webVtt);
        }

        // Without segments there is one cue for all that was said.
        if (number == 0 && transcript.Text.AsSpan().Trim().Length > 0)
        {
            AddCue(text, 1, 0, LengthOf(transcript), transcript.Text, webVtt);
        }

        foreach (var chunk in text.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, output);
        }
    }

    private static double LengthOf(Transcript transcript) =>
        transcript.Duration ?? (transcript.Words.Count > 0 ? transcript.Words[^1].End : 0);

    private static void AddCue(StringBuilder text, int number, double start, double end, string words, bool webVtt)
    {
        if (!webVtt)
        {
            text.Append(CultureInfo.InvariantCulture, $"{number}\n");
        }

        AddTime(text, start, webVtt);
        text.Append(" --> ");
        AddTime(text, Math.Max(start, end), webVtt);

        // An arrow or an empty line within the words would end or break the cue.
        var line = words.Trim().ReplaceLineEndings("\n").Replace("-->", "->", StringComparison.Ordinal);
        while (line.Contains("\n\n", StringComparison.Ordinal))
        {
            line = line.Replace("\n\n", "\n", StringComparison.Ordinal);
        }

        text.Append('\n').Append(line).Append("\n\n");
    }

    private static void AddTime(StringBuilder text, double seconds, bool webVtt)
    {
        var total = double.IsFinite(seconds) ? (long)Math.Round(Math.Clamp(seconds, 0, 359_999) * 1000) : 0;
        var (hours, minutes) = (total / 3_600_000, total / 60_000 % 60);
        text.Append(
            CultureInfo.InvariantCulture,
            $"{hours:00}:{minutes:00}:{total / 1000 % 60:00}{(webVtt ? '.' : ',')}{total % 1000:000}"
        );
    }
}
