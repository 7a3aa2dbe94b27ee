using System.Diagnostics;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.Observability.Traces;

/// <summary>Follows exchanges as OpenTelemetry spans: one for the exchange, below it one for each try. Everything is written into them when the exchange is
/// over; a collector that is slow or dead loses spans, which are counted, and is never waited for.</summary>
public sealed class Tracer : IGreeter, ISettler, IDisposable
{
    private const string SourceName = "bifrost";
    private static int _made;

    private readonly ActivitySource _source;
    private readonly SpanExport _export;
    private readonly SpanContent? _content;
    private readonly CallerNames _names;
    private readonly PolicyInForce _policy = new();

    /// <param name="options">Which, and where to.</param>
    /// <param name="team">The name of a team by its id, or null; asked for every exchange.</param>
    /// <param name="customer">The same of a customer.</param>
    /// <param name="log">Told when the collector takes nothing, and when it does again.</param>
    public Tracer(TraceOptions options, Func<string, string?>? team = null, Func<string, string?>? customer = null, ILogger? log = null)
    {
        _names = new CallerNames(team, customer);
        // Listeners find sources by name alone, and one process may run several gateways.
        var number = Interlocked.Increment(ref _made);
        _source = new ActivitySource(number == 1 ? SourceName : $"{SourceName}-{number}", options.ServiceVersion);
        _content = options.Content ? new SpanContent(Losses) : null;
        _export = SpanExport.Start(options, _source.Name, _policy, Losses, log ?? NullLogger.Instance);
    }

    /// <summary>What the collector did not get.</summary>
    public SpanLosses Losses { get; } = new();

    /// <summary>Spans that wait for the collector or are on their way to it.</summary>
    public long Waiting => Losses.Waiting;

    /// <inheritdoc/>
    public void Greet(Exchange exchange)
    {
        // Addresses where there is nothing are the work of scanners.
        if (exchange.HasOperation)
        {
            exchange.Trace = ExchangeSpans.Begin(_source, exchange);
        }
    }

    /// <inheritdoc/>
    public void Settle(Exchange exchange)
    {
        if (exchange.Trace is ExchangeSpans spans)
        {
            spans.End(exchange, _names, _policy.Of(exchange), _content);
        }
    }

    /// <summary>Sends what waits. False: the collector did not take it in time.</summary>
    public bool Flush(TimeSpan patience) => _export.Flush(patience);

    /// <summary>Sends what waits, as long as that may take.</summary>
    public void Dispose()
    {
        _export.Dispose();
        _source.Dispose();
    }
}
