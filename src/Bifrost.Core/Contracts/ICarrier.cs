using Bifrost.Wire.Faults;

namespace Bifrost.Core.Contracts;

/// <summary>Carries an exchange out against one target, from canonical request to <see cref="Answer"/>. Stateless between calls; called
/// again for a retry or another target, so it must give the same answer twice for the same exchange.</summary>
public interface ICarrier
{
    /// <summary>Never throws but for cancellation by <paramref name="cancel"/> (caller left, deadline, shutdown), after which whatever was
    /// started upstream must be cancelled there. A fault whose kind allows a retry promises that nothing was accepted upstream.</summary>
    ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel);
}
