using Bifrost.Core;
using Bifrost.Core.Contracts;

namespace Bifrost.Observability.RequestLog;

/// <summary>Since when exchanges are under way. Has to be told of their end last, after whoever takes them down. Any thread, no lock, no memory.</summary>
public sealed class LiveExchanges(TimeProvider clock) : IGreeter, ISettler
{
    private const int SlotSeconds = 16;

    // A ring of 18 hours; what is under way for longer than that is no exchange.
    private readonly int[] _slots = new int[4096];

    public void Greet(Exchange exchange) => Interlocked.Increment(ref _slots[SlotOf(exchange.AcceptedAt) % _slots.Length]);

    public void Settle(Exchange exchange) => Interlocked.Decrement(ref _slots[SlotOf(exchange.AcceptedAt) % _slots.Length]);

    /// <summary>All exchanges that were read before this moment are over. To 16 seconds; now when there are none.</summary>
    public DateTimeOffset Since()
    {
        // Before the slots are looked at: what begins after is later than this.
        var now = clock.GetUtcNow();
        var timestamp = clock.GetTimestamp();
        var newest = SlotOf(timestamp);
        for (var slot = Math.Max(0, newest - _slots.Length + 1); slot <= newest; slot++)
        {
            if (Volatile.Read(ref _slots[slot % _slots.Length]) > 0)
            {
                var began = slot * SlotSeconds * clock.TimestampFrequency;
                return began < timestamp ? now - clock.GetElapsedTime(began, timestamp) : now;
            }
        }

        return now;
    }

    private long SlotOf(long timestamp) => timestamp / clock.TimestampFrequency / SlotSeconds;
}
