using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance.Estimates;

/// <summary>How a call ended.</summary>
/// <param name="Usage">What the provider reported, or null.</param>
/// <param name="OutputBytes">Generated text that was seen.</param>
/// <param name="Elapsed">Since the request came.</param>
/// <param name="Streamed">The answer was a stream.</param>
/// <param name="Fault">How it failed; null: it was served.</param>
/// <param name="Batch">Part of a batch.</param>
internal readonly record struct CallEnd(Usage? Usage, long OutputBytes, TimeSpan Elapsed, bool Streamed, Fault? Fault, bool Batch = false)
{
    /// <summary>
    /// The provider worked on it, or nobody can say that it did not. What a provider refuses or answers with an error status it does not charge for;
    /// a connection that breaks, a caller that leaves and a time limit stop us, not always the provider.
    /// </summary>
    public bool MayHaveRun =>
        Fault is not { } fault
        || (
            !fault.NeverRan
            && (
                OutputBytes > 0
                || fault.Kind switch
                {
                    FaultKind.CallerLeft or FaultKind.GatewayBug or FaultKind.ShuttingDown or FaultKind.UpstreamInvalid => true,
                    FaultKind.BudgetExceeded or FaultKind.TokenLimited => true,
                    // Without a status nothing was answered; with a code, the provider said what failed.
                    FaultKind.Timeout => fault.UpstreamStatus is null,
                    FaultKind.UpstreamError or FaultKind.UpstreamDown => fault.UpstreamStatus is null && fault.Code is null,
                    _ => false,
                }
            )
        );
}
