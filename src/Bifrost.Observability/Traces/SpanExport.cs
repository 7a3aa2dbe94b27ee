using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Bifrost.Observability.Traces;

/// <summary>The way of spans from an activity source to the collector, made of OpenTelemetry's own parts: sampler, bounded queue, exporter.</summary>
internal sealed class SpanExport : IDisposable
{
    private const int LargestBatch = 512;
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(5);

    private readonly TracerProvider _provider;

    private SpanExport(TracerProvider provider) => _provider = provider;

    public static SpanExport Start(TraceOptions options, string source, PolicyInForce policy, SpanLosses losses, ILogger log)
    {
        var exporter = new CountingExporter(ExporterOptions(options), policy, losses, new TraceLog(log, options.Collector));
        var queue = new BatchActivityExportProcessor(
            exporter,
            options.MaxWaiting,
            (int)options.Delay.TotalMilliseconds,
            (int)options.Patience.TotalMilliseconds,
            Math.Min(LargestBatch, options.MaxWaiting)
        );
        return new SpanExport(
            Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(ResourceOf(options))
                .SetSampler(SamplerOf(options))
                .AddSource(source)
                .AddProcessor(new FullQueueFilter(losses, options.MaxWaiting))
                .AddProcessor(queue)
                .Build()
        );
    }

    public bool Flush(TimeSpan patience) => _provider.ForceFlush((int)patience.TotalMilliseconds);

    public void Dispose()
    {
        _provider.Shutdown((int)StopPatience.TotalMilliseconds);
        _provider.Dispose();
    }

    private static Sampler SamplerOf(TraceOptions options)
    {
        Sampler own = options.SampleRatio switch
        {
            >= 1 => new AlwaysOnSampler(),
            <= 0 => new AlwaysOffSampler(),
            var ratio => new TraceIdRatioBasedSampler(ratio),
        };
        return options.FollowsCaller ? new ParentBasedSampler(own) : own;
    }

    private static ResourceBuilder ResourceOf(TraceOptions options) =>
        ResourceBuilder
            .CreateEmpty()
            .AddTelemetrySdk()
            .AddAttributes(options.Resource.Select(a => KeyValuePair.Create(a.Key, (object)a.Value)))
            .AddService(options.ServiceName, serviceVersion: options.ServiceVersion, autoGenerateServiceInstanceId: true);

    private static OtlpExporterOptions ExporterOptions(TraceOptions options) =>
        new()
        {
            Endpoint = options.Collector,
            Protocol = options.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            // Set in any case: the SDK would else take it from the environment by itself, where config.json says something else.
            Headers = HeadersOf(options),
            TimeoutMilliseconds = (int)options.Patience.TotalMilliseconds,
            HttpClientFactory = () => ClientOf(options),
        };

    private static string HeadersOf(TraceOptions options)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in options.Headers)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(name).Append('=').Append(Uri.EscapeDataString(value.Reveal()));
        }

        return text.ToString();
    }

    private static HttpClient ClientOf(TraceOptions options)
    {
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
            ConnectTimeout = options.Patience,
        };
        if (options.CaCertPem is { } pem)
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(pem);
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        return new HttpClient(handler) { Timeout = options.Patience };
    }

    /// <summary>Counts what is sent, and completes what is first made here, on the exporter's own thread.</summary>
    private sealed class CountingExporter(OtlpExporterOptions options, PolicyInForce policy, SpanLosses losses, TraceLog log)
        : OtlpTraceExporter(options)
    {
        private readonly List<Activity> _spans = [];

        public override ExportResult Export(in Batch<Activity> batch)
        {
            // A batch can be walked through only once.
            _spans.Clear();
            foreach (var span in batch)
            {
                SpanContent.Complete(span);
                SpanNames.Clean(span, policy.Redactor);
                _spans.Add(span);
            }

            var result = base.Export(new Batch<Activity>([.. _spans], _spans.Count));
            var taken = result == ExportResult.Success;
            losses.Sent(_spans.Count, taken);
            log.Sent(taken, losses.Spans);
            return result;
        }
    }

    /// <summary>Stands before the queue and takes the mark off spans that it has no room for. The queue would drop them too, and tell nobody.</summary>
    private sealed class FullQueueFilter(SpanLosses losses, int most) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity span)
        {
            if (span.Recorded && !losses.TryWait(most))
            {
                SpanContent.Drop(span);
                span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            }
        }
    }
}
