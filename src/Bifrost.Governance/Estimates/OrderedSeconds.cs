namespace Bifrost.Governance.Estimates;

/// <summary>How long an ordered film will be. Models take a few lengths only, and the nearest that is long enough is made.</summary>
internal static class OrderedSeconds
{
    // What the published schemas of Replicate's video models take: between 4 and 12 seconds, most of them 5 or 10, 4, 6 or 8.
    private const double Usual = 8;
    private const double Longest = 12;

    public static double Expected(in CallFacts facts) => facts.Media?.Seconds ?? Usual;

    /// <summary>Null where a film's length is not ours to know: one that is made from another, or whose request could not be read.</summary>
    public static double? Most(in CallFacts facts) =>
        facts.Media is not { Unread: false } order ? null
        : order.Seconds is not { } asked ? (facts.Operation == Bifrost.Core.Contracts.Operation.VideoCreate ? Longest : null)
        : facts.Translated ? Math.Max(Longest, 2 * asked)
        : asked;
}
