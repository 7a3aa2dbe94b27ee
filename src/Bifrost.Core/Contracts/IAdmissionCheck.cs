using Bifrost.Wire.Faults;

namespace Bifrost.Core.Contracts;

/// <summary>May this exchange proceed? One question for each class; called for every request, so it touches memory only.</summary>
public interface IAdmissionCheck
{
    /// <summary>Null to let it pass.</summary>
    Fault? Refusal(Exchange exchange);
}

/// <summary>Told of every exchange when it is over, whatever became of it. Must neither throw nor wait.</summary>
public interface ISettler
{
    void Settle(Exchange exchange);
}
