using Bifrost.Core.World;

namespace Bifrost.Observability.Traces;

/// <summary>Which exchanges are traced, and where their spans go. The published names are those of the plugin <c>otel</c>.</summary>
public sealed record TraceOptions
{
    /// <summary>Address of the collector: for HTTP that of its traces (<c>http://host:4318/v1/traces</c>), for gRPC its root.</summary>
    public required Uri Collector { get; init; }

    /// <summary>gRPC instead of protobuf over HTTP.</summary>
    public bool Grpc { get; init; }

    /// <summary>Default <c>bifrost</c>.</summary>
    public string ServiceName { get; init; } = "bifrost";

    /// <summary>Of the program that is traced; empty when not known.</summary>
    public string ServiceVersion { get; init; } = "";

    /// <summary>What else is said of this gateway as a whole: <c>deployment.environment.name</c>.</summary>
    public IReadOnlyDictionary<string, string> Resource { get; init; } = new Dictionary<string, string>();

    /// <summary>Sent with each export; credentials among them.</summary>
    public IReadOnlyDictionary<string, Secret> Headers { get; init; } = new Dictionary<string, Secret>();

    /// <summary>Root certificates (PEM) to trust in place of the system's, or null.</summary>
    public string? CaCertPem { get; init; }

    /// <summary>Share of traces that are recorded, from 0 to 1. Default 1.</summary>
    public double SampleRatio { get; init; } = 1;

    /// <summary>A caller that has decided whether its trace is recorded has decided for the gateway too. Default true.</summary>
    public bool FollowsCaller { get; init; } = true;

    /// <summary>What was asked and answered goes into spans, where the request log may keep it too. Default false.</summary>
    public bool Content { get; init; }

    /// <summary>Spans that wait or are on their way at most; what ends beyond is lost and counted. Default 4096.</summary>
    public int MaxWaiting { get; init; } = 4096;

    /// <summary>How long a span waits for others to travel with it. Default one second.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the collector may take for one batch. Default ten seconds.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);
}
