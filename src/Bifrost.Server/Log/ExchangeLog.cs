using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Observability.Redaction;
using Bifrost.Observability.RequestLog;
using Bifrost.Wire.Faults;

namespace Bifrost.Server.Log;

/// <summary>One line for each exchange: quiet when all is well, loud when somebody here or upstream has to act. No prompt, answer or key.</summary>
internal sealed partial class ExchangeLog(ILogger log) : ISettler
{
    private const string NoTrace = "-";

    private LogPolicy _policy = new(new LogConfig());

    public void Settle(Exchange exchange)
    {
        var fault = exchange.Fault;
        var level = LevelOf(fault);
        if (!log.IsEnabled(level))
        {
            return;
        }

        // Providers quote in their errors what they were sent, and models are what callers say they are.
        var redactor = RedactorOf(exchange);
        var model = redactor.Text(exchange.AskedModel);
        var target = exchange.Target;
        if (fault is null)
        {
            Served(
                level,
                exchange.RequestId,
                exchange.Trace?.TraceId ?? NoTrace,
                exchange.Operation.Word(),
                model,
                target?.Provider.Id,
                target?.Lane,
                exchange.Elapsed.TotalMilliseconds,
                exchange.Usage?.InputTokens,
                exchange.Usage?.OutputTokens
            );
        }
        else
        {
            Failed(
                level,
                fault.Cause,
                exchange.RequestId,
                exchange.Trace?.TraceId ?? NoTrace,
                exchange.Operation.Word(),
                model,
                target?.Provider.Id,
                target?.Key.Name,
                fault.Kind,
                fault.Rule.Culprit,
                fault.UpstreamStatus,
                exchange.Attempts.Count,
                exchange.Elapsed.TotalMilliseconds,
                redactor.Text(fault.Message)
            );
        }

        foreach (var note in exchange.Notes)
        {
            Noted(exchange.RequestId, redactor.Text(note.Parameter), note.Change, redactor.Text(note.Message));
        }
    }

    private Redactor RedactorOf(Exchange exchange)
    {
        var policy = Volatile.Read(ref _policy);
        var config = exchange.World.Client.Log;
        if (!ReferenceEquals(policy.Config, config))
        {
            policy = new LogPolicy(config);
            Volatile.Write(ref _policy, policy);
        }

        return policy.Redactor;
    }

    private static LogLevel LevelOf(Fault? fault) =>
        fault?.Rule.Culprit switch
        {
            null => LogLevel.Debug,
            Culprit.Caller => LogLevel.Information,
            Culprit.Target => LogLevel.Warning,
            _ => LogLevel.Error,
        };

    [LoggerMessage(
        EventId = 1,
        Message = "{RequestId} {TraceId} {Operation} {Model} served by {Provider} ({Lane}) in {Milliseconds:0.0} ms, {InputTokens} tokens in, {OutputTokens} out",
        SkipEnabledCheck = true
    )]
    private partial void Served(
        LogLevel level,
        string requestId,
        string traceId,
        string operation,
        string model,
        string? provider,
        Lane? lane,
        double milliseconds,
        long? inputTokens,
        long? outputTokens
    );

    [LoggerMessage(
        EventId = 2,
        Message = "{RequestId} {TraceId} {Operation} {Model} failed at {Provider} with key {Key}: {Fault} ({Culprit} has to act; upstream status {UpstreamStatus}, {Attempts} attempts, {Milliseconds:0.0} ms): {Message}",
        SkipEnabledCheck = true
    )]
    private partial void Failed(
        LogLevel level,
        Exception? cause,
        string requestId,
        string traceId,
        string operation,
        string model,
        string? provider,
        string? key,
        FaultKind fault,
        Culprit culprit,
        int? upstreamStatus,
        int attempts,
        double milliseconds,
        string message
    );

    [LoggerMessage(3, LogLevel.Information, "{RequestId} parameter {Parameter} {Change}: {Message}")]
    private partial void Noted(string requestId, string parameter, string change, string message);
}
