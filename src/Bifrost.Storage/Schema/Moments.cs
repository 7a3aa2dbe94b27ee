namespace Bifrost.Storage.Schema;

/// <summary>Times as Unix microseconds. What is finer is cut off.</summary>
internal static class Moments
{
    private const long TicksPerMicrosecond = 10;

    public static long Write(DateTimeOffset moment) =>
        Math.DivRem(moment.UtcTicks - DateTimeOffset.UnixEpoch.Ticks, TicksPerMicrosecond, out _);

    public static DateTimeOffset Read(long microseconds) =>
        new(DateTimeOffset.UnixEpoch.Ticks + (microseconds * TicksPerMicrosecond), TimeSpan.Zero);
}
