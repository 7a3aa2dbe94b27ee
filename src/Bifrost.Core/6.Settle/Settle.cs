using Bifrost.Core.Contracts;

namespace Bifrost.Core.Settle;

/// <summary>Room 6: tell everybody who keeps accounts, then give back what the exchange held. Always, and never in the caller's way.</summary>
public sealed class Settle(ISettler[] settlers)
{
    public void Close(Exchange exchange)
    {
        try
        {
            exchange.EndedAt = exchange.Clock.GetTimestamp();
            // First, so that the others see what it cost.
            exchange.Reservation.Settle(exchange);
            foreach (var settler in settlers)
            {
                settler.Settle(exchange);
            }
        }
        finally
        {
            exchange.Release();
        }
    }
}
