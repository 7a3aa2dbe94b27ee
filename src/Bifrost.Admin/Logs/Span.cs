using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Observability.Stores;

namespace Bifrost.Admin.Logs;

/// <summary>A range of time, and the buckets it is cut into.</summary>
/// <param name="From">Unix microseconds, inclusive.</param>
/// <param name="To">Exclusive.</param>
/// <param name="BucketSeconds">Their width; buckets begin at multiples of it since 1970.</param>
internal sealed record Span(long From, long To, int BucketSeconds)
{
    /// <summary>What is meant when no start is given.</summary>
    public static readonly TimeSpan Usual = TimeSpan.FromDays(30);

    private const int MostBuckets = 10_000;
    private const int Day = 86_400;

    public static Parameter Parameter { get; } =
        new(
            "bucket_seconds",
            $"Width of a bucket: a multiple of 60, at most {MostBuckets} buckets in all. Usual: by the length of the range.",
            Bodies.FieldKind.Whole
        );

    public long Width => BucketSeconds * Micros.Second;

    /// <summary>The start of every bucket, empty ones too.</summary>
    public IEnumerable<long> Starts()
    {
        for (var start = From - (From % Width); start < To; start += Width)
        {
            yield return start;
        }
    }

    /// <summary>The same filter with an end and a start: now, and thirty days before the end.</summary>
    public static LogFilter Bounded(LogFilter filter, TimeProvider clock)
    {
        // A row of this very moment is wanted too.
        var to = filter.To ?? Math.Max(Micros.Of(clock.GetUtcNow()) + 1, (filter.From ?? 0) + 1);
        return filter with { From = filter.From ?? to - (Usual.Ticks / TimeSpan.TicksPerMicrosecond), To = to };
    }

    public static Span Of(Call call, LogFilter bounded, bool wasGiven, List<Mistake> mistakes)
    {
        var (from, to) = (bounded.From!.Value, bounded.To!.Value);
        var seconds = call.Whole("bucket_seconds", mistakes) ?? (wasGiven ? WidthOf(to - from) : 3600);
        if (seconds < 60 || seconds % 60 != 0)
        {
            mistakes.Add(new Mistake("bucket_seconds", $"{seconds} is not a multiple of 60."));
        }
        else if ((to - from) / Micros.Second / seconds > MostBuckets)
        {
            mistakes.Add(
                new Mistake("bucket_seconds", $"{seconds} makes more than {MostBuckets} buckets. Make them wider, or the range shorter.")
            );
        }

        return new Span(from, to, Math.Max(60, seconds));
    }

    /// <summary>As published.</summary>
    private static int WidthOf(long length) =>
        (length / Micros.Second) switch
        {
            >= 365 * Day => 30 * Day,
            >= 90 * Day => 7 * Day,
            >= 30 * Day => 3 * Day,
            >= 7 * Day => Day,
            >= 3 * Day => 8 * 3600,
            >= Day => 3600,
            >= 2 * 3600 => 600,
            _ => 60,
        };
}
