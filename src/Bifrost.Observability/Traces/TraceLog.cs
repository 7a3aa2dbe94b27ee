using Microsoft.Extensions.Logging;

namespace Bifrost.Observability.Traces;

/// <summary>Says once that the collector takes nothing, and once that it does again.</summary>
internal sealed partial class TraceLog(ILogger log, Uri collector)
{
    private bool _isWell = true;

    /// <summary>By the exporter's thread alone.</summary>
    public void Sent(bool taken, long lost)
    {
        if (taken == _isWell)
        {
            return;
        }

        _isWell = taken;
        if (taken)
        {
            TakenAgain(collector.Authority, lost);
        }
        else
        {
            NotTaken(collector.Authority);
        }
    }

    [LoggerMessage(
        1,
        LogLevel.Warning,
        "The collector at {Collector} does not take traces. Until it does, spans are lost; requests are not affected."
    )]
    private partial void NotTaken(string collector);

    [LoggerMessage(2, LogLevel.Information, "The collector at {Collector} takes traces again. {Lost} spans were lost since the start.")]
    private partial void TakenAgain(string collector, long lost);
}
