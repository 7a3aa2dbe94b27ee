using System.Text;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Observability.RequestLog;
using Bifrost.Wire.Faults;

namespace Bifrost.Observability.Metrics;

/// <summary>Counts every exchange as it ends. Takes no lock and, once a series is known, allocates nothing; what it costs is measured by
/// <c>MetricsBenchmarks</c>. Tokens and money are whole numbers, so that their sums equal the ledger's.</summary>
public sealed class MetricsSettler : IGreeter, ISettler
{
    private readonly MetricsOptions _options;
    private readonly OwnLabels _own;
    private readonly CallerValues _models;
    private readonly LatencySeries _otherLatencies = new(ExchangeKey.OtherLabels);
    private readonly int _mostLatencies;
    private int _latencies;
    private long _liveStreams;
    private long _liveReplies;

    public MetricsSettler(MetricsOptions? options = null)
    {
        _options = options ?? new MetricsOptions();
        var most = Math.Max(1, _options.MaxSeries);
        _own = new OwnLabels(_options.MaxCallerValues);
        _models = new CallerValues(_options.MaxCallerValues);
        // A histogram is a series for each bucket, one more without end, its sum and its count; of latencies there are two, by success.
        _mostLatencies = LabelSets(most, 2 * Buckets.Latency.Units.Length);
        Exchanges = new(most, MakeExchanges, () => new ExchangeSeries(ExchangeKey.OtherLabels, _otherLatencies));
        Http = new(LabelSets(most, Buckets.Latency.Units.Length), k => new HttpSeries(LabelsOf(k)), OtherHttp);
        Attempts = new(most, k => new CountSeries(LabelsOf(k)), () => new CountSeries(OtherAttempts));
        Keys = new(most, k => new HealthSeries(LabelsOf(k)), () => new HealthSeries(OtherKeys));
        Lanes = new(most, k => new CountSeries(LabelsOf(k)), () => new CountSeries(OtherAttempts));
        Overheads = new(
            most,
            k => new HistogramSeries(LabelsOf(k), Buckets.Overhead),
            () => new HistogramSeries(OtherAttempts, Buckets.Overhead)
        );
    }

    internal SeriesTable<ExchangeKey, ExchangeSeries> Exchanges { get; }

    internal SeriesTable<HttpKey, HttpSeries> Http { get; }

    internal SeriesTable<AttemptKey, CountSeries> Attempts { get; }

    internal SeriesTable<ProviderKeyKey, HealthSeries> Keys { get; }

    internal SeriesTable<LaneKey, CountSeries> Lanes { get; }

    internal SeriesTable<OverheadKey, HistogramSeries> Overheads { get; }

    internal IReadOnlyList<HistogramSeries> Phases { get; } =
    [.. new[] { "accept", "plan", "upstream", "deliver" }.Select(p => new HistogramSeries(LabelText.Of(("phase", p)), Buckets.Overhead))];

    internal LatencySeries OtherLatencies => _otherLatencies;

    /// <summary>Times that something was counted under <c>other</c>, for want of room.</summary>
    internal long Overflowed =>
        Exchanges.Overflowed + Http.Overflowed + Attempts.Overflowed + Keys.Overflowed + _models.Overflowed + _own.Overflowed;

    /// <summary>Exchanges that are read and not over: those that stream, and the rest.</summary>
    internal long LiveStreams => Volatile.Read(ref _liveStreams);

    internal long LiveReplies => Volatile.Read(ref _liveReplies);

    public void Greet(Exchange exchange) => Interlocked.Increment(ref exchange.Streams ? ref _liveStreams : ref _liveReplies);

    public void Settle(Exchange exchange)
    {
        Interlocked.Decrement(ref exchange.Streams ? ref _liveStreams : ref _liveReplies);
        var own = _own.Of(exchange);
        var fault = exchange.Fault;
        CountHttp(exchange, fault, own);
        if (!exchange.HasOperation)
        {
            return;
        }

        Lanes.For(new LaneKey(exchange.Operation, exchange.Target?.Lane, fault is null ? null : OutcomeOf(fault))).Add();
        CountAttempts(exchange);
        CountTime(exchange);
        if (exchange is not { TriedAt: not 0, Target: { } target })
        {
            return;
        }

        var model = _models.Of(target.Model, learn: !IsNoName(fault));
        var series = Exchanges.For(ExchangeKey.Of(exchange, target, model, own));
        CountServed(exchange, fault, series);
        CountConsumed(exchange, series);
    }

    private static void CountServed(Exchange exchange, Fault? fault, ExchangeSeries series)
    {
        var latencies = series.Latencies;
        if (fault is null)
        {
            series.Succeeded();
        }
        else
        {
            series.Failed(StatusOf(exchange, fault));
        }

        latencies.Took(fault is null, exchange.Clock.GetElapsedTime(exchange.TriedAt, exchange.EndedAt).Ticks);
        if (exchange is not { Streams: true, FirstByte: { } first })
        {
            return;
        }

        latencies.Streamed(first.Ticks);
        if (exchange.Chunks > 1)
        {
            var last = exchange.Clock.GetElapsedTime(exchange.StartedAt, exchange.EndedAt);
            latencies.Spaced((last - first).Ticks / (exchange.Chunks - 1));
        }
    }

    private static void CountConsumed(Exchange exchange, ExchangeSeries series)
    {
        var charge = exchange.Charge;
        var usage = Consumption.Of(exchange.Operation, charge, exchange.Usage);
        series.Consumed(usage?.InputTokens ?? 0, usage?.OutputTokens ?? 0, charge?.Nanodollars ?? 0, charge?.Unpriced ?? false);
    }

    private void CountHttp(Exchange exchange, Fault? fault, string own)
    {
        var http = exchange.Http;
        var key = new HttpKey(
            HttpPath.Of(exchange),
            MethodOf(http.Request.Method),
            fault is null ? http.Response.StatusCode : StatusOf(exchange, fault),
            own
        );
        Http.For(key)
            .Add(
                exchange.Clock.GetElapsedTime(exchange.StartedAt, exchange.EndedAt).Ticks,
                http.Request.ContentLength ?? exchange.Body.Length,
                exchange.ResponseBytes
            );
    }

    private void CountAttempts(Exchange exchange)
    {
        var attempts = exchange.Attempts;
        for (var i = 0; i < attempts.Count; i++)
        {
            var attempt = attempts[i];
            Attempts.For(new AttemptKey(attempt.Provider, attempt.Key, attempt.Fault)).Add();
            if (!attempt.Refused)
            {
                Keys.For(new ProviderKeyKey(attempt.Provider, attempt.Key)).Saw(FaultTable.Of(attempt.Fault).HurtsHealth);
            }
        }

        if (exchange is { AnsweredAt: not 0, Target: { } target })
        {
            // A stream may still have broken after it began.
            var broke = exchange.Fault is { Kind: not FaultKind.CallerLeft } fault ? fault : null;
            Attempts.For(new AttemptKey(target.Provider.Id, target.Key.Name, broke?.Kind)).Add();
            Keys.For(new ProviderKeyKey(target.Provider.Id, target.Key.Name)).Saw(broke?.Rule.HurtsHealth ?? false);
        }
    }

    private void CountTime(Exchange exchange)
    {
        if (exchange is not { TriedAt: not 0, AnsweredAt: not 0, FirstByte: { } first })
        {
            return;
        }

        var clock = exchange.Clock;
        var accept = clock.GetElapsedTime(exchange.StartedAt, exchange.AcceptedAt).Ticks;
        var plan = clock.GetElapsedTime(exchange.AcceptedAt, exchange.TriedAt).Ticks;
        var answered = clock.GetElapsedTime(exchange.StartedAt, exchange.AnsweredAt).Ticks;
        var handOver = Math.Max(0, first.Ticks - answered);
        Phases[0].Histogram.Observe(accept);
        Phases[1].Histogram.Observe(plan);
        Phases[2].Histogram.Observe(answered - accept - plan);
        Phases[3].Histogram.Observe(clock.GetElapsedTime(exchange.AnsweredAt, exchange.EndedAt).Ticks);
        Overheads.For(new OverheadKey(exchange.Operation, exchange.Target!.Lane)).Histogram.Observe(plan + handOver);
    }

    private ExchangeSeries MakeExchanges(ExchangeKey key)
    {
        var labels = key.Labels(_options);
        var latencies = _latencies < _mostLatencies ? new LatencySeries(labels) : _otherLatencies;
        _latencies++;
        return new ExchangeSeries(labels, latencies);
    }

    /// <summary>499 where the caller left before it was told anything.</summary>
    private static int StatusOf(Exchange exchange, Fault fault) =>
        fault.Kind == FaultKind.CallerLeft ? fault.Status
        : exchange.Http.Response.HasStarted ? exchange.Http.Response.StatusCode
        : fault.Status;

    // What nobody has is not worth a series; a name that was once served still has its own.
    private static bool IsNoName(Fault? fault) =>
        fault is { Kind: FaultKind.ModelNotFound or FaultKind.NotFound or FaultKind.UpstreamRejected };

    private static string OutcomeOf(Fault fault) =>
        fault.Kind == FaultKind.CallerLeft
            ? "cancelled"
            : fault.Rule.Culprit switch
            {
                Culprit.Caller => "caller",
                Culprit.Gateway => "gateway",
                _ => "target",
            };

    private static string MethodOf(string method) =>
        method is "GET" or "POST" or "DELETE" or "PUT" or "PATCH" or "HEAD" ? method : CallerValues.Other;

    private static int LabelSets(int most, int buckets) => Math.Max(1, most / (buckets + 3));

    private static HttpSeries OtherHttp() =>
        new(LabelText.Of(("path", CallerValues.Other), ("method", CallerValues.Other), ("status", CallerValues.Other)));

    private static LabelText OtherAttempts { get; } = LabelText.Of(("provider", CallerValues.Other));

    private static LabelText OtherKeys => OtherAttempts;

    private static LabelText LabelsOf(HttpKey key)
    {
        var text = new StringBuilder();
        LabelText.Add(text, "path", key.Path);
        LabelText.Add(text, "method", key.Method);
        LabelText.Add(text, "status", ExchangeKey.Text(key.Status));
        return ExchangeKey.With(text, key.Own);
    }

    private static LabelText LabelsOf(AttemptKey key) =>
        LabelText.Of(
            ("provider", key.Provider),
            ("selected_key_name", key.Key),
            ("fault", key.Fault is { } fault ? LabelWords.Of(fault) : "none")
        );

    private static LabelText LabelsOf(ProviderKeyKey key) => LabelText.Of(("provider", key.Provider), ("selected_key_name", key.Key));

    private static LabelText LabelsOf(LaneKey key) =>
        LabelText.Of(
            ("method", key.Operation.Word()),
            ("lane", key.Lane is { } lane ? LabelWords.Of(lane) : "none"),
            ("outcome", key.Outcome ?? "success")
        );

    private static LabelText LabelsOf(OverheadKey key) => LabelText.Of(("method", key.Operation.Word()), ("lane", LabelWords.Of(key.Lane)));
}

/// <summary>What happened to the bytes, and whether it went well.</summary>
internal readonly record struct LaneKey(Operation Operation, Lane? Lane, string? Outcome);

internal readonly record struct OverheadKey(Operation Operation, Lane Lane);
