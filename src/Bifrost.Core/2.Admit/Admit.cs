using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Admit;

/// <summary>Room 2: may this caller ask this? Checks run in the order given.</summary>
public sealed class Admit(IAdmissionCheck[] checks)
{
    public Fault? Review(Exchange exchange)
    {
        foreach (var check in checks)
        {
            if (check.Refusal(exchange) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }
}
