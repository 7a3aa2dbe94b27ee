using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Estimates;

/// <summary>
/// What calls to one model have used lately, as moving averages. For expectations only, never for bounds. Any thread; two threads that learn at
/// once may lose one observation, which an average survives.
/// </summary>
internal sealed class LearnedUse
{
    /// <summary>Of English text and JSON, before anything is learned. OpenAI's rule of thumb: a token is about four characters.</summary>
    public const double UsualBytesPerToken = 4;

    private const double Weight = 0.1;

    // NaN: nothing learned yet.
    private double _bytesPerToken = double.NaN;
    private double _outputTokens = double.NaN;
    private double _computeSeconds = double.NaN;

    /// <summary>Bytes of the request for each input token; at least 1.</summary>
    public double BytesPerToken => Volatile.Read(ref _bytesPerToken) is var known && double.IsNaN(known) ? UsualBytesPerToken : known;

    /// <summary>Of one choice; null while nothing is learned.</summary>
    public double? OutputTokens => Known(ref _outputTokens);

    /// <summary>Of the provider's hardware; null while nothing is learned.</summary>
    public double? ComputeSeconds => Known(ref _computeSeconds);

    /// <param name="usage">As the provider reported it.</param>
    /// <param name="textBytes">Bytes of the request; zero when they say nothing about its tokens, as with pictures.</param>
    /// <param name="choices">How many answers the output is of.</param>
    /// <param name="runs">How many predictions the seconds are of.</param>
    public void Learn(Usage usage, long textBytes, int choices, int runs)
    {
        if (usage.InputTokens > 0 && textBytes > 0)
        {
            Add(ref _bytesPerToken, Math.Max(1, textBytes / (double)usage.InputTokens));
        }

        if (usage.OutputTokens > 0)
        {
            Add(ref _outputTokens, usage.OutputTokens / (double)Math.Max(1, choices));
        }

        if (usage.ComputeSeconds > 0 && double.IsFinite(usage.ComputeSeconds))
        {
            Add(ref _computeSeconds, usage.ComputeSeconds / Math.Max(1, runs));
        }
    }

    private static double? Known(ref double value) => Volatile.Read(ref value) is var known && double.IsNaN(known) ? null : known;

    private static void Add(ref double average, double observed)
    {
        var before = Volatile.Read(ref average);
        Volatile.Write(ref average, double.IsNaN(before) ? observed : before + (Weight * (observed - before)));
    }
}
