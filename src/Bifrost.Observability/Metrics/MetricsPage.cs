using System.Buffers;

namespace Bifrost.Observability.Metrics;

/// <summary>All metrics as one page of text. Made when asked for; counting goes on meanwhile, so numbers of different metrics may be a moment apart.</summary>
public sealed class MetricsPage(MetricsSettler settler, Gauges gauges, int maxSeries = 10_000)
{
    private long _failures;

    /// <summary>Writes the page a series at a time, so that who reads may send what there is: it may have twenty thousand lines, and need not stand in
    /// memory whole.</summary>
    /// <param name="to">Gets the page, in UTF-8.</param>
    /// <param name="openMetrics">As OpenMetrics 1.0 wants it, instead of the older text format.</param>
    /// <returns>The name of the metric whose series was just written. To be read to its end.</returns>
    public IEnumerable<string> Write(IBufferWriter<byte> to, bool openMetrics)
    {
        var writer = new ExpositionWriter(to, openMetrics);
        foreach (
            var written in Http(writer).Concat(Exchanges(writer)).Concat(Latencies(writer)).Concat(Own(writer)).SelectMany(family => family)
        )
        {
            yield return written;
        }

        WriteGauges(writer);
        ProcessMetrics.Write(writer);
        writer.End();
    }

    private IEnumerable<IEnumerable<string>> Http(ExpositionWriter writer)
    {
        var all = settler.Http.All();
        yield return Counters(
            writer,
            "http_requests_total",
            "Requests to the inference API.",
            all,
            s => writer.Sample(s.Labels.Bytes, s.Count)
        );
        yield return Histograms(
            writer,
            "http_request_duration_seconds",
            "From the request's first byte to the answer's last.",
            all,
            s => (s.Labels, s.Duration)
        );
        yield return Histograms(writer, "http_request_size_bytes", "Size of request bodies.", all, s => (s.Labels, s.RequestSize));
        yield return Histograms(writer, "http_response_size_bytes", "Size of answers' bodies.", all, s => (s.Labels, s.ResponseSize));
    }

    private IEnumerable<IEnumerable<string>> Exchanges(ExpositionWriter writer)
    {
        var all = settler.Exchanges.All();
        yield return Counts("bifrost_upstream_requests_total", "Requests for which a provider was asked.", s => s.Requests);
        yield return Counts("bifrost_success_requests_total", "Requests that a provider answered to the end.", s => s.Successes);
        yield return Counters(
            writer,
            "bifrost_error_requests_total",
            "Requests that failed, by the status the caller saw.",
            all,
            series =>
            {
                foreach (var error in series.Errors)
                {
                    writer.Sample(series.Labels.Bytes, "status_code"u8, ExchangeKey.Text(error.Status), error.Count);
                }
            }
        );
        yield return Counts("bifrost_input_tokens_total", "Tokens that went in, cached ones included.", s => s.InputTokens);
        yield return Counts("bifrost_output_tokens_total", "Tokens that came out, reasoning included.", s => s.OutputTokens);
        // Published; nothing is answered from a cache yet, so there is no series, which is to say zero.
        yield return Counters<ExchangeSeries>(
            writer,
            "bifrost_cache_hits_total",
            "Requests that were answered from the gateway's cache, by kind of cache.",
            [],
            _ => { }
        );
        yield return Counters(
            writer,
            "bifrost_cost_total",
            "Cost in US dollars, exact to the nanodollar.",
            all,
            s => writer.Dollars(s.Labels.Bytes, s.Nanodollars)
        );
        yield return Counters(
            writer,
            "bifrost_unpriced_requests_total",
            "Requests whose cost is not known because there is no price.",
            all.Where(s => s.Unpriced > 0),
            s => writer.Sample(s.Labels.Bytes, s.Unpriced)
        );

        IEnumerable<string> Counts(string name, string help, Func<ExchangeSeries, long> value) =>
            Counters(writer, name, help, all, s => writer.Sample(s.Labels.Bytes, value(s)));
    }

    private IEnumerable<IEnumerable<string>> Latencies(ExpositionWriter writer)
    {
        var all = settler.Exchanges.All().Select(s => s.Latencies).Append(settler.OtherLatencies).Distinct().ToList();
        yield return Each(
            writer,
            "bifrost_upstream_latency_seconds",
            MetricType.Histogram,
            "From the first try to the answer's last byte.",
            all,
            series =>
            {
                if (series.Success is { } success)
                {
                    writer.Histogram([.. series.Labels.Bytes, .. ",is_success=\"true\""u8], success);
                }

                if (series.Failure is { } failure)
                {
                    writer.Histogram([.. series.Labels.Bytes, .. ",is_success=\"false\""u8], failure);
                }
            }
        );
        yield return Histograms(
            writer,
            "bifrost_stream_first_token_latency_seconds",
            "From the request to the first piece of a streamed answer.",
            all,
            s => (s.Labels, s.FirstToken)
        );
        yield return Histograms(
            writer,
            "bifrost_stream_inter_token_latency_seconds",
            "Mean time between the pieces of a streamed answer, once for each stream.",
            all,
            s => (s.Labels, s.Gap)
        );
    }

    private IEnumerable<IEnumerable<string>> Own(ExpositionWriter writer)
    {
        yield return Counters(
            writer,
            "bifrost_exchanges_total",
            "Requests by what was done with their bytes and who has to act.",
            settler.Lanes.All(),
            s => writer.Sample(s.Labels.Bytes, s.Count)
        );
        yield return Counters(
            writer,
            "bifrost_attempts_total",
            "Tries of providers' keys, by what went wrong; refusals by limits included.",
            settler.Attempts.All(),
            s => writer.Sample(s.Labels.Bytes, s.Count)
        );
        yield return Each(
            writer,
            "bifrost_provider_key_consecutive_failures",
            MetricType.Gauge,
            "Failures in a row that are the provider's or its key's doing; 0 is healthy.",
            settler.Keys.All(),
            s => writer.Sample(s.Labels.Bytes, (long)s.Failures)
        );
        yield return Histograms(
            writer,
            "bifrost_overhead_seconds",
            "What the gateway itself adds: from the request being read to the first try, and from the provider's start of an answer to its first byte going out.",
            settler.Overheads.All(),
            s => (s.Labels, s.Histogram)
        );
        yield return Histograms(
            writer,
            "bifrost_phase_seconds",
            "Where the time goes: reading the request, checks and plan, the provider until it starts to answer, delivery.",
            settler.Phases,
            s => (s.Labels, s.Histogram)
        );
        yield return Each(
            writer,
            "bifrost_live_requests",
            MetricType.Gauge,
            "Requests that are being answered.",
            [true, false],
            streamed =>
                writer.Sample(
                    streamed ? "streamed=\"true\""u8 : "streamed=\"false\""u8,
                    streamed ? settler.LiveStreams : settler.LiveReplies
                )
        );
        yield return Counters(
            writer,
            "bifrost_metrics_overflows_total",
            "Times that something was counted under `other`, for want of room.",
            [settler.Overflowed],
            count => writer.Sample(default, count)
        );
    }

    private void WriteGauges(ExpositionWriter writer)
    {
        foreach (var source in gauges.All)
        {
            List<GaugeSample> values;
            try
            {
                values = [.. source.Values().Take(maxSeries)];
            }
#pragma warning disable CA1031 // One part that fails must not hide all others; that it failed is counted.
            catch (Exception)
#pragma warning restore CA1031
            {
                Interlocked.Increment(ref _failures);
                continue;
            }

            writer.Family(source.Name, source.Type, source.Help);
            foreach (var sample in values)
            {
                writer.Sample(sample.Labels.Bytes, sample.Value);
            }
        }

        writer.Family(
            "bifrost_metrics_failures_total",
            MetricType.Counter,
            "Metrics that were left out of a page because reading them failed."
        );
        writer.Sample(default, Volatile.Read(ref _failures));
    }

    private static IEnumerable<string> Counters<T>(
        ExpositionWriter writer,
        string name,
        string help,
        IEnumerable<T> all,
        Action<T> write
    ) => Each(writer, name, MetricType.Counter, help, all, write);

    private static IEnumerable<string> Histograms<T>(
        ExpositionWriter writer,
        string name,
        string help,
        IEnumerable<T> all,
        Func<T, (LabelText Labels, Histogram? Histogram)> pick
    ) =>
        Each(
            writer,
            name,
            MetricType.Histogram,
            help,
            all,
            series =>
            {
                if (pick(series) is (var labels, { } histogram))
                {
                    writer.Histogram(labels.Bytes, histogram);
                }
            }
        );

    private static IEnumerable<string> Each<T>(
        ExpositionWriter writer,
        string name,
        MetricType type,
        string help,
        IEnumerable<T> all,
        Action<T> write
    )
    {
        writer.Family(name, type, help);
        foreach (var series in all)
        {
            write(series);
            yield return name;
        }
    }
}
