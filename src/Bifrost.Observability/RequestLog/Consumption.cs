using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical;

namespace Bifrost.Observability.RequestLog;

/// <summary>What an exchange consumed, the same in rows and in metrics, so that both add up to the ledger.</summary>
internal static class Consumption
{
    /// <summary>What was charged for, targets that failed included; it was counted here where the provider told nothing. A question after a job repeats
    /// what the job has used, which was charged with the job.</summary>
    public static Usage? Of(Operation operation, Charge? charge, Usage? reported) => operation.IsSold() ? charge?.Usage ?? reported : null;
}
