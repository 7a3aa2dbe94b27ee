using Bifrost.Observability.RequestLog;

namespace Bifrost.Observability.Stores;

/// <summary>What calls did cost, as whoever keeps the accounts has written it down: what the request log is measured against. Thread-safe.</summary>
public interface IPaidCalls
{
    /// <summary>Of the books that only this gateway writes, unique: what the log remembers its progress under.</summary>
    string Name { get; }

    /// <summary>Returns when every call that is over by now can be read.</summary>
    Task CaughtUpAsync(CancellationToken cancel);

    /// <summary>Calls of this gateway by when they were made, the oldest first.</summary>
    /// <param name="from">This moment or later.</param>
    /// <param name="to">Before this moment.</param>
    /// <param name="after"><see cref="PaidPage.Next"/> of the page before, or null.</param>
    /// <param name="cancel">Stops it.</param>
    Task<PaidPage> ReadAsync(DateTimeOffset from, DateTimeOffset to, Guid? after, CancellationToken cancel);
}

/// <param name="Calls">May be empty although there are more.</param>
/// <param name="Next">Null at the end.</param>
public sealed record PaidPage(IReadOnlyList<PaidCall> Calls, Guid? Next);

/// <param name="Row">What is known of its exchange; texts as the caller wrote them, without metadata.</param>
/// <param name="Dimensions"><c>name=value</c> with commas between, or null.</param>
/// <param name="IsLast">No other call of the same exchange came after it. False: one may have, to another target.</param>
public sealed record PaidCall(LogRow Row, string? Dimensions, bool IsLast);
