namespace Bifrost.Wire.Faults;

/// <summary>A failure with a kind, a culprit and a message for the caller. A value: it is returned, never thrown.</summary>
/// <param name="Kind">Row of <see cref="FaultTable"/>.</param>
/// <param name="Message">What was wrong, with which value, and what to do. Shown to the caller; holds no secret.</param>
public sealed record Fault(FaultKind Kind, string Message)
{
    /// <summary>The field of the request that is to blame, in the caller's own spelling, or null.</summary>
    public string? Param { get; init; }

    /// <summary>A closer code than the table's, or null.</summary>
    public string? Code { get; init; }

    /// <summary>How long to wait before another attempt makes sense, or null when unknown.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The methods that would do, for the header <c>Allow</c> of a 405.</summary>
    public string? Allow { get; init; }

    /// <summary>The status that the provider answered with, or null when none of its statuses led here.</summary>
    public int? UpstreamStatus { get; init; }

    /// <summary>The provider's own error body when the caller speaks its dialect and may see it byte for byte.</summary>
    public ReadOnlyMemory<byte> UpstreamBody { get; init; }

    /// <summary>The target took the work and never began it: certainly nothing is charged, although the fault alone does not say so.</summary>
    public bool NeverRan { get; init; }

    /// <summary>The exception behind it, for the log only.</summary>
    public Exception? Cause { get; init; }

    public FaultRule Rule => FaultTable.Of(Kind);

    /// <summary>HTTP status for the caller. A rejected request keeps the provider's status; all else follows the table.</summary>
    public int Status => Kind == FaultKind.UpstreamRejected && UpstreamStatus is { } status ? status : Rule.Status;

    public static Fault Invalid(string message, string? param = null, string? code = null) =>
        new(FaultKind.InvalidRequest, message) { Param = param, Code = code };

    public static Fault Unsupported(string message, string param) => new(FaultKind.UnsupportedParameter, message) { Param = param };
}
