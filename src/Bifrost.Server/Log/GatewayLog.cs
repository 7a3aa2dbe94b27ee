using Bifrost.Server.Flags;
using Microsoft.Extensions.Logging.Console;

namespace Bifrost.Server.Log;

/// <summary>Where log lines go and how they look.</summary>
internal static class GatewayLog
{
    public static void Configure(ILoggingBuilder logging, StartOptions options)
    {
        logging.SetMinimumLevel(options.LogLevel);
        // The framework reports each request twice; the exchange log says it once and better.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // Anybody listening here costs every request an activity and a log scope.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        // A start that fails is told in one sentence on standard error; the host would add fifty lines of stack to it.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        if (options.LogStyle == LogStyle.Json)
        {
            logging.AddJsonConsole(o =>
            {
                o.UseUtcTimestamp = true;
                o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            });
        }
        else
        {
            logging.AddSimpleConsole(o =>
            {
                o.SingleLine = true;
                o.TimestampFormat = "HH:mm:ss ";
                o.ColorBehavior = LoggerColorBehavior.Default;
            });
        }
    }
}
