using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Ledger;

/// <summary>Usage as it lies in the journal: which fields are not zero, then those.</summary>
internal static class UsageFields
{
    public static void Write(RecordWriter writer, Usage usage)
    {
        var present =
            Bit(0, usage.InputTokens != 0)
            | Bit(1, usage.OutputTokens != 0)
            | Bit(2, usage.Estimated)
            | Bit(3, usage.CachedReadTokens != 0)
            | Bit(4, usage.CachedWriteTokens != 0)
            | Bit(5, usage.ReasoningTokens != 0)
            | Bit(6, usage.AudioInputTokens != 0)
            | Bit(7, usage.ImageInputTokens != 0)
            | Bit(8, usage.AudioOutputTokens != 0)
            | Bit(9, usage.Images != 0)
            | Bit(10, usage.VideoSeconds != 0)
            | Bit(11, usage.ComputeSeconds != 0);
        writer.Unsigned(present);
        Number(writer, usage.InputTokens);
        Number(writer, usage.OutputTokens);
        Number(writer, usage.CachedReadTokens);
        Number(writer, usage.CachedWriteTokens);
        Number(writer, usage.ReasoningTokens);
        Number(writer, usage.AudioInputTokens);
        Number(writer, usage.ImageInputTokens);
        Number(writer, usage.AudioOutputTokens);
        Number(writer, usage.Images);
        Seconds(writer, usage.VideoSeconds);
        Seconds(writer, usage.ComputeSeconds);
    }

    public static Usage Read(ref RecordReader reader)
    {
        var present = reader.Unsigned();
        return new Usage
        {
            InputTokens = Number(ref reader, present, 0),
            OutputTokens = Number(ref reader, present, 1),
            Estimated = (present & 4) != 0,
            CachedReadTokens = Number(ref reader, present, 3),
            CachedWriteTokens = Number(ref reader, present, 4),
            ReasoningTokens = Number(ref reader, present, 5),
            AudioInputTokens = Number(ref reader, present, 6),
            ImageInputTokens = Number(ref reader, present, 7),
            AudioOutputTokens = Number(ref reader, present, 8),
            Images = (int)Number(ref reader, present, 9),
            VideoSeconds = Seconds(ref reader, present, 10),
            ComputeSeconds = Seconds(ref reader, present, 11),
        };
    }

    private static ulong Bit(int place, bool there) => there ? 1UL << place : 0;

    private static void Number(RecordWriter writer, long value)
    {
        if (value != 0)
        {
            writer.Signed(value);
        }
    }

    private static void Seconds(RecordWriter writer, double value)
    {
        if (value != 0)
        {
            writer.Double(value);
        }
    }

    private static long Number(ref RecordReader reader, ulong present, int place) => (present >> place & 1) != 0 ? reader.Signed() : 0;

    private static double Seconds(ref RecordReader reader, ulong present, int place) => (present >> place & 1) != 0 ? reader.Double() : 0;
}
