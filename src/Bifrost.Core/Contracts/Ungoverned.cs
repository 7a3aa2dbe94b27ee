using Bifrost.Wire.Faults;

namespace Bifrost.Core.Contracts;

/// <summary>There are no virtual keys.</summary>
public sealed class NoCallers : ICallers
{
    private NoCallers() { }

    public static NoCallers Instance { get; } = new();

    public Caller? Find(string virtualKey, DateTimeOffset now) => null;
}

/// <summary>Nothing is limited and nothing is kept.</summary>
public sealed class NoReservations : IReservations
{
    private NoReservations() { }

    public static NoReservations Instance { get; } = new();

    public Outcome<Reservation> Reserve(Exchange exchange, Target target) => Reservation.None;
}
