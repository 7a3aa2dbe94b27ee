using System.Buffers;

namespace Bifrost.Observability.Metrics;

/// <summary>All metrics as one page of text. Made when asked for; counting goes on meanwhile, so numbers of different metrics may be a moment apart.</summary>
public sealed class MetricsPage(MetricsSettler settler, Gauges gauges, int maxSeries = 10_000)
{
    private long _failures;

    /// <param name="to">Gets the page, in UTF-8.</param>
    /// <param name="openMetrics">As OpenMetrics 1.0 wants it, instead of the older text format.</param>
    public void Write(IBufferWriter<byte> to, bool openMetrics)
    {
        var writer = new ExpositionWriter(to, openMetrics);
        WriteHttp(writer);
        WriteExchanges(writer);
        WriteLatencies(writer);
        WriteOwn(writer);
        WriteGauges(writer);
        ProcessMetrics.Write(writer);
        writer.End();
    }

    private void WriteHttp(ExpositionWriter writer)
    {
        var all = settler.Http.All();
        writer.Family("http_requests_total", MetricType.Counter, "Requests to the inference API.");
        foreach (var series in all)
        {
            writer.Sample(series.Labels.Bytes, series.Count);
        }

        Histograms(
            writer,
            "http_request_duration_seconds",
            "From the request's first byte to the answer's last.",
            all,
            s => (s.Labels, s.Duration)
        );
        Histograms(writer, "http_request_size_bytes", "Size of request bodies.", all, s => (s.Labels, s.RequestSize));
        Histograms(writer, "http_response_size_bytes", "Size of answers' bodies.", all, s => (s.Labels, s.ResponseSize));
    }

    private void WriteExchanges(ExpositionWriter writer)
    {
        var all = settler.Exchanges.All();
        Counters(writer, "bifrost_upstream_requests_total", "Requests for which a provider was asked.", all, s => s.Requests);
        Counters(writer, "bifrost_success_requests_total", "Requests that a provider answered to the end.", all, s => s.Successes);
        writer.Family("bifrost_error_requests_total", MetricType.Counter, "Requests that failed, by the status the caller saw.");
        foreach (var series in all)
        {
            foreach (var error in series.Errors)
            {
                writer.Sample(series.Labels.Bytes, "status_code"u8, ExchangeKey.Text(error.Status), error.Count);
            }
        }

        Counters(writer, "bifrost_input_tokens_total", "Tokens that went in, cached ones included.", all, s => s.InputTokens);
        Counters(writer, "bifrost_output_tokens_total", "Tokens that came out, reasoning included.", all, s => s.OutputTokens);
        // Published; nothing is answered from a cache yet, so there is no series, which is to say zero.
        writer.Family(
            "bifrost_cache_hits_total",
            MetricType.Counter,
            "Requests that were answered from the gateway's cache, by kind of cache."
        );
        writer.Family("bifrost_cost_total", MetricType.Counter, "Cost in US dollars, exact to the nanodollar.");
        foreach (var series in all)
        {
            writer.Dollars(series.Labels.Bytes, series.Nanodollars);
        }

        writer.Family("bifrost_unpriced_requests_total", MetricType.Counter, "Requests whose cost is not known because there is no price.");
        foreach (var series in all.Where(s => s.Unpriced > 0))
        {
            writer.Sample(series.Labels.Bytes, series.Unpriced);
        }
    }

    private void WriteLatencies(ExpositionWriter writer)
    {
        var all = settler.Exchanges.All().Select(s => s.Latencies).Append(settler.OtherLatencies).Distinct().ToList();
        writer.Family("bifrost_upstream_latency_seconds", MetricType.Histogram, "From the first try to the answer's last byte.");
        foreach (var series in all)
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

        Histograms(
            writer,
            "bifrost_stream_first_token_latency_seconds",
            "From the request to the first piece of a streamed answer.",
            all,
            s => (s.Labels, s.FirstToken)
        );
        Histograms(
            writer,
            "bifrost_stream_inter_token_latency_seconds",
            "Mean time between the pieces of a streamed answer, once for each stream.",
            all,
            s => (s.Labels, s.Gap)
        );
    }

    private void WriteOwn(ExpositionWriter writer)
    {
        Counts(writer, "bifrost_exchanges_total", "Requests by what was done with their bytes and who has to act.", settler.Lanes.All());
        Counts(
            writer,
            "bifrost_attempts_total",
            "Tries of providers' keys, by what went wrong; refusals by limits included.",
            settler.Attempts.All()
        );
        writer.Family(
            "bifrost_provider_key_consecutive_failures",
            MetricType.Gauge,
            "Failures in a row that are the provider's or its key's doing; 0 is healthy."
        );
        foreach (var series in settler.Keys.All())
        {
            writer.Sample(series.Labels.Bytes, (long)series.Failures);
        }

        Histograms(
            writer,
            "bifrost_overhead_seconds",
            "What the gateway itself adds: from the request being read to the first try, and from the provider's start of an answer to its first byte going out.",
            settler.Overheads.All(),
            s => (s.Labels, s.Histogram)
        );
        Histograms(
            writer,
            "bifrost_phase_seconds",
            "Where the time goes: reading the request, checks and plan, the provider until it starts to answer, delivery.",
            settler.Phases,
            s => (s.Labels, s.Histogram)
        );
        writer.Family("bifrost_live_requests", MetricType.Gauge, "Requests that are being answered.");
        writer.Sample("streamed=\"true\""u8, settler.LiveStreams);
        writer.Sample("streamed=\"false\""u8, settler.LiveReplies);
        writer.Family(
            "bifrost_metrics_overflows_total",
            MetricType.Counter,
            "Times that something was counted under `other`, for want of room."
        );
        writer.Sample(default, settler.Overflowed);
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

    private static void Counters(
        ExpositionWriter writer,
        string name,
        string help,
        List<ExchangeSeries> all,
        Func<ExchangeSeries, long> value
    )
    {
        writer.Family(name, MetricType.Counter, help);
        foreach (var series in all)
        {
            writer.Sample(series.Labels.Bytes, value(series));
        }
    }

    private static void Counts(ExpositionWriter writer, string name, string help, List<CountSeries> all)
    {
        writer.Family(name, MetricType.Counter, help);
        foreach (var series in all)
        {
            writer.Sample(series.Labels.Bytes, series.Count);
        }
    }

    private static void Histograms<T>(
        ExpositionWriter writer,
        string name,
        string help,
        IReadOnlyList<T> all,
        Func<T, (LabelText Labels, Histogram? Histogram)> pick
    )
    {
        writer.Family(name, MetricType.Histogram, help);
        foreach (var series in all)
        {
            if (pick(series) is (var labels, { } histogram))
            {
                writer.Histogram(labels.Bytes, histogram);
            }
        }
    }
}
