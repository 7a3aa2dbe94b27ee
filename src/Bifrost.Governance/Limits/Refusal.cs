using System.Globalization;
using Bifrost.Governance.Objects;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance.Limits;

/// <summary>Why a call may not go on. Gathered under the till's lock, worded after it.</summary>
internal abstract record Refusal(LimitSet Set)
{
    /// <summary>Calls in flight end at any moment; the wait for them is worth no more than this.</summary>
    private protected static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public abstract Fault ToFault();

    private protected string Owner =>
        Set.Part is { } part ? $"{Set.Level.Word()} '{Set.OwnerName}' = '{part}'" : $"{Set.Level.Word()} '{Set.OwnerName}'";
}

/// <summary>A budget has no room.</summary>
/// <param name="Set">Whose.</param>
/// <param name="Budget">Which.</param>
/// <param name="Limit">With the override.</param>
/// <param name="Used">Settled.</param>
/// <param name="Reserved">Held by calls in flight.</param>
/// <param name="UntilReset">Null: it never resets.</param>
internal sealed record BudgetRefusal(LimitSet Set, Budget Budget, long Limit, long Used, Int128 Reserved, TimeSpan? UntilReset)
    : Refusal(Set)
{
    /// <summary>The most the call can cost: set when a hard budget has something left, but not enough for it.</summary>
    public Int128? Most { get; init; }

    /// <summary>Nobody can say what the call may cost, and a hard budget must know.</summary>
    public bool IsUnknown { get; init; }

    public override Fault ToFault() => new(FaultKind.BudgetExceeded, Message()) { RetryAfter = IsUnknown ? null : RetryAfter() };

    private bool OnlyHeldBack => Most is { } most ? Used + most <= Limit : Used < Limit;

    private TimeSpan? RetryAfter() =>
        OnlyHeldBack ? (UntilReset is { } reset && reset < Moment ? reset : Moment)
        : Most > Limit ? null
        : UntilReset;

    private string Message()
    {
        var of = $"{Words.Dollars(Limit)} ({Words.Per(Budget.ResetDuration)})";
        if (IsUnknown)
        {
            return $"{Owner} has a hard budget of {of}, and nobody can say what this call may cost at most. "
                + "Set a cap on the output, use a model with a price, or ask for a budget with standard enforcement.";
        }

        var held = Reserved > 0 ? $" and {Words.Dollars(Reserved)} held by calls in flight" : "";
        if (Most is { } most)
        {
            var left = Int128.Max(0, Limit - Used - Reserved);
            return $"Budget exceeded: this call may cost {Words.Dollars(most)}, and {Owner} has {Words.Dollars(left)} left of a hard budget of {of}, "
                + $"with {Words.Dollars(Used)} used{held}. {Reset()} Ask for less output. {Advice()}";
        }

        return $"Budget exceeded: {Owner} has {Words.Dollars(Used)} used{held} of {of}. {Reset()} {Advice()}";
    }

    private string Advice() =>
        OnlyHeldBack ? "Try again when the calls in flight have ended, or have the limit raised."
        : Most > Limit || UntilReset is null ? "Have the limit raised."
        : "Wait until then, or have the limit raised.";

    private string Reset() => UntilReset is { } reset ? $"It resets in {Words.Duration(reset)}." : "It never resets.";
}

/// <summary>Tokens, requests or both of a rate limit are used up.</summary>
/// <param name="Set">Whose.</param>
/// <param name="Tokens">Null: there is room.</param>
/// <param name="Requests">Null: there is room.</param>
internal sealed record RateRefusal(LimitSet Set, SpentWindow? Tokens, SpentWindow? Requests) : Refusal(Set)
{
    public override Fault ToFault()
    {
        var parts = (Tokens, Requests) switch
        {
            ({ } tokens, { } requests) => $"{Part("token", tokens)}; {Part("request", requests)}",
            ({ } tokens, _) => Part("token", tokens),
            var (_, requests) => Part("request", requests!.Value),
        };
        var kind = (Tokens, Requests) switch
        {
            (not null, not null) => FaultKind.RateLimitedTwice,
            (not null, _) => FaultKind.TokenLimited,
            _ => FaultKind.RequestLimited,
        };
        return new Fault(kind, $"Rate limit reached: {Owner} has {parts}. {Advice}") { RetryAfter = RetryAfter() };
    }

    private string Advice =>
        Requests is null && Tokens!.Value.OnlyHeldBack
            ? "Try again when the calls in flight have ended, or have the limit raised."
            : "Wait until then, or have the limit raised.";

    private TimeSpan? RetryAfter()
    {
        var (tokens, requests) = (Tokens?.RetryAfter(Moment), Requests?.RetryAfter(Moment));
        if (Tokens is null || Requests is null)
        {
            return tokens ?? requests;
        }

        // One that never resets outlasts the other.
        return tokens is null || requests is null ? null
            : tokens > requests ? tokens
            : requests;
    }

    private static string Part(string what, SpentWindow window)
    {
        var held = window.Reserved > 0 ? $" and {Words.Count(window.Reserved)} held by calls in flight" : "";
        var reset = window.UntilReset is { } until ? $"resets in {Words.Duration(until)}" : "never resets";
        return $"{Words.Count(window.Used)} {what}{(window.Used == 1 ? "" : "s")} used{held} of {Words.Count(window.Limit)} ({Words.Per(window.ResetDuration)}, {reset})";
    }
}

/// <param name="Limit">Per window.</param>
/// <param name="Used">Settled.</param>
/// <param name="Reserved">Held by calls in flight.</param>
/// <param name="ResetDuration">As written.</param>
/// <param name="UntilReset">Null: never.</param>
internal readonly record struct SpentWindow(long Limit, long Used, Int128 Reserved, string ResetDuration, TimeSpan? UntilReset)
{
    public bool OnlyHeldBack => Used < Limit;

    public TimeSpan? RetryAfter(TimeSpan moment) => OnlyHeldBack && !(UntilReset < moment) ? moment : UntilReset;
}

/// <summary>Too many calls are running.</summary>
/// <param name="Set">Whose.</param>
/// <param name="Limit">Calls at once.</param>
/// <param name="Running">Calls in flight.</param>
internal sealed record ConcurrencyRefusal(LimitSet Set, long Limit, int Running) : Refusal(Set)
{
    public override Fault ToFault() =>
        new(
            FaultKind.ConcurrencyLimited,
            $"Too many calls at once: {Owner} has {Words.Count(Running)} running of {Words.Count(Limit)}. "
                + "Try again when one of them has ended, or have the limit raised."
        )
        {
            RetryAfter = Moment,
        };
}

/// <summary>Amounts as people read them, never rounded into something that is not so.</summary>
internal static class Words
{
    /// <summary>At least four decimals, and all that are needed: <c>$0.0100</c>, <c>$0.000012345</c>.</summary>
    public static string Dollars(Int128 nanodollars)
    {
        const long PerDollar = 1_000_000_000;
        var decimals = ((long)(nanodollars % PerDollar)).ToString("D9", CultureInfo.InvariantCulture).TrimEnd('0').PadRight(4, '0');
        return $"${(nanodollars / PerDollar).ToString(CultureInfo.InvariantCulture)}.{decimals}";
    }

    public static string Count(Int128 count) => count.ToString(CultureInfo.InvariantCulture);

    public static string Per(string resetDuration) => resetDuration == "never" ? "prepaid" : $"per {resetDuration}";

    /// <summary>The two largest parts, a started one whole: <c>2 days 4 hours</c>, <c>59 seconds</c>.</summary>
    public static string Duration(TimeSpan time)
    {
        var seconds = (long)Math.Ceiling(time.TotalSeconds);
        return seconds switch
        {
            <= 1 => "1 second",
            < 60 => Of(seconds, "second"),
            < 3600 => Pair(seconds, 60, "minute", "second"),
            < 86_400 => Pair(DivideUp(seconds, 60), 60, "hour", "minute"),
            _ => Pair(DivideUp(seconds, 3600), 24, "day", "hour"),
        };
    }

    private static long DivideUp(long value, long by) => (value + by - 1) / by;

    private static string Pair(long small, long per, string large, string less) =>
        small % per == 0 ? Of(small / per, large) : $"{Of(small / per, large)} {Of(small % per, less)}";

    private static string Of(long count, string unit) =>
        count == 1 ? $"1 {unit}" : $"{count.ToString(CultureInfo.InvariantCulture)} {unit}s";
}
