using System.Diagnostics;
using System.Net.Http.Headers;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Observability.RequestLog;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.Traces;

/// <summary>The spans of one exchange. Never the current activity of anybody: that would make every await carry it along.</summary>
internal sealed class ExchangeSpans : ExchangeTrace
{
    private readonly ActivitySource _source;
    private readonly Activity _whole;
    private readonly DateTime _began;
    private Activity? _try;
    private Target? _target;
    private int _retry;
    private long _triedAt;

    private ExchangeSpans(ActivitySource source, Activity whole, DateTime began)
    {
        (_source, _whole, _began) = (source, whole, began);
        TraceId = whole.TraceId.ToHexString();
    }

    public override string TraceId { get; }

    /// <summary>Null when nobody listens.</summary>
    public static ExchangeSpans? Begin(ActivitySource source, Exchange exchange)
    {
        var current = Activity.Current;
        if (current is not null)
        {
            // The framework's, where somebody listens to it; it knows of no sampling and must not become the parent.
            Activity.Current = null;
        }

        var began = (exchange.Clock.GetUtcNow() - exchange.Elapsed).UtcDateTime;
        var context = CallerContext.Of(exchange.Http.Request.Headers);
        var whole = source.CreateActivity(RouteName.Of(exchange), ActivityKind.Server, context);
        var spans = whole is null ? null : new ExchangeSpans(source, Started(whole, began), began);
        if (current is not null)
        {
            Activity.Current = current;
        }

        return spans;
    }

    public override void Trying(Exchange exchange, Target target)
    {
        _retry = ReferenceEquals(target, _target) ? _retry + 1 : 0;
        _target = target;
        _triedAt = exchange.Clock.GetTimestamp();
        if (
            _whole.IsAllDataRequested
            && _source.CreateActivity(TrySpan.NameOf(exchange, target), ActivityKind.Client, _whole.Context) is { } begun
        )
        {
            _try = Started(begun, At(exchange, _triedAt));
        }
    }

    public override void Failed(Exchange exchange, Fault fault)
    {
        // Between two tries there is none that could fail.
        if (_try is { } failed)
        {
            TrySpan.Write(failed, exchange, _target!, _retry);
            TrySpan.WriteFault(failed, fault);
            Stop(failed, At(exchange, exchange.Clock.GetTimestamp()));
            _try = null;
        }
    }

    public override void WriteTo(HttpRequestHeaders headers)
    {
        var span = _try ?? _whole;
        headers.Remove(CallerContext.Parent);
        headers.TryAddWithoutValidation(CallerContext.Parent, span.Id);
        if (span.TraceStateString is { Length: > 0 } state)
        {
            headers.Remove(CallerContext.State);
            headers.TryAddWithoutValidation(CallerContext.State, state);
        }
    }

    public void End(Exchange exchange, CallerNames names, LogPolicy policy, SpanContent? content)
    {
        var ended = At(exchange, exchange.EndedAt);
        if (_try is { } answered)
        {
            TrySpan.Write(answered, exchange, _target!, _retry);
            TrySpan.WriteAnswer(answered, exchange, exchange.Clock.GetElapsedTime(exchange.StartedAt, _triedAt));
            if (exchange.Fault is { } broke)
            {
                TrySpan.WriteFault(answered, broke);
            }

            content?.Take(exchange, policy, answered);
            Stop(answered, ended);
            _try = null;
        }

        if (_whole.IsAllDataRequested)
        {
            WholeSpan.Write(_whole, exchange, names, _began);
        }

        Stop(_whole, ended);
    }

    private DateTime At(Exchange exchange, long timestamp) => _began + exchange.Clock.GetElapsedTime(exchange.StartedAt, timestamp);

    private static Activity Started(Activity activity, DateTime at)
    {
        var current = Activity.Current;
        activity.SetStartTime(at);
        activity.Start();
        Activity.Current = current;
        return activity;
    }

    private static void Stop(Activity activity, DateTime at)
    {
        var current = Activity.Current;
        activity.SetEndTime(at);
        activity.Stop();
        Activity.Current = current;
    }
}
