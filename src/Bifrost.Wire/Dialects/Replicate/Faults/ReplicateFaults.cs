using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Turns what Replicate says went wrong into our faults.</summary>
public static class ReplicateFaults
{
    /// <param name="status">Of the answer; not 2xx.</param>
    /// <param name="contentType">Of the answer, or null.</param>
    /// <param name="body">Of the answer, or its beginning.</param>
    /// <param name="hints">From its headers.</param>
    /// <param name="ownKey">The caller brought its own token, so trouble with it is the caller's to mend.</param>
    /// <param name="call">What was tried.</param>
    /// <param name="unversioned">The call named a model without a version, so a version may still be found.</param>
    public static ReplicateFault OfHttp(
        int status,
        string? contentType,
        ReadOnlySpan<byte> body,
        RetryHints hints,
        bool ownKey,
        ReplicateCall call = ReplicateCall.Create,
        bool unversioned = false
    ) => new(new Fault(FaultKind.UpstreamError, $"{status}"));

    /// <summary>Null when the prediction is no failure.</summary>
    /// <param name="prediction">Terminal.</param>
    /// <param name="expectsFiles">An answer without output is a failure.</param>
    /// <param name="sized">The caller set a size, which may be what ran out of memory.</param>
    /// <param name="pastDeadline">Our own <c>Cancel-After</c> has elapsed.</param>
    public static ReplicateFault? OfPrediction(
        Prediction prediction,
        bool expectsFiles = false,
        bool sized = false,
        bool pastDeadline = false
    ) => null;
}
