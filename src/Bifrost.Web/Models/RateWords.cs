using Bifrost.Web.Parts;

namespace Bifrost.Web.Models;

/// <summary>A kind of price.</summary>
/// <param name="Kind">As the API spells it.</param>
/// <param name="Label">For people.</param>
/// <param name="Unit">What is paid for: <c>million tokens</c>, <c>picture</c>.</param>
/// <param name="IsUsual">Asked for at once; the others when there is more to say.</param>
public sealed record RateWord(string Kind, string Label, string Unit, bool IsUsual = false)
{
    public bool IsTokens => Unit == RateWords.Tokens;
}

/// <summary>Every kind of price, in the order they are asked for.</summary>
public static class RateWords
{
    public const string Tokens = "million tokens";

    public static IReadOnlyList<RateWord> All { get; } =
    [
        new("input", "In", Tokens, true),
        new("output", "Out", Tokens, true),
        new("cache_read", "Read from the cache", Tokens, true),
        new("cache_write", "Written to the cache", Tokens),
        new("reasoning", "Reasoning", Tokens),
        new("input_audio", "Sound in", Tokens),
        new("output_audio", "Sound out", Tokens),
        new("input_image", "Pictures in", Tokens),
        new("image", "A picture made", "picture", true),
        new("video_second", "A second of video", "second of video", true),
        new("compute_second", "A second of compute", "second of compute"),
        new("request", "A request", "request", true),
    ];

    public static RateWord Of(string kind) => All.FirstOrDefault(r => r.Kind == kind) ?? new RateWord(kind, kind, kind);

    /// <summary>All of them in one line.</summary>
    public static string Line(IReadOnlyDictionary<string, decimal> rates) =>
        string.Join(", ", All.Where(r => rates.ContainsKey(r.Kind)).Select(r => Text(r, rates[r.Kind])));

    /// <summary>What has no column of its own.</summary>
    public static IEnumerable<string> Others(IReadOnlyDictionary<string, decimal> rates, params string[] shown) =>
        All.Where(r => rates.ContainsKey(r.Kind) && !shown.Contains(r.Kind)).Select(r => Text(r, rates[r.Kind]));

    private static string Text(RateWord rate, decimal price) =>
        price == 0 ? $"{rate.Label.ToLowerInvariant()} free"
        : rate.IsTokens ? $"{rate.Label.ToLowerInvariant()} {Show.Money(price)} per million"
        : $"{Show.Money(price)} a {rate.Unit}";
}
