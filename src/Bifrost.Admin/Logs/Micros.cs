using Bifrost.Admin.Bodies;

namespace Bifrost.Admin.Logs;

/// <summary>Unix microseconds, as the log keeps times, and what they are written as.</summary>
internal static class Micros
{
    public const long Second = 1_000_000;

    public static long Of(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    public static DateTimeOffset Time(long micros) => DateTimeOffset.UnixEpoch.AddTicks(micros * TimeSpan.TicksPerMicrosecond);

    public static string Write(long micros) => Times.Write(Time(micros));

    /// <summary>Milliseconds, exact.</summary>
    public static decimal Milliseconds(long micros) => micros / 1000m;

    public static decimal? Milliseconds(double? micros) => micros is { } known ? decimal.Round((decimal)known / 1000m, 3) : null;
}
