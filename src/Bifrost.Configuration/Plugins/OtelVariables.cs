using System.Globalization;
using Bifrost.Core.World;
using Bifrost.Observability.Traces;

namespace Bifrost.Configuration;

/// <summary>OpenTelemetry's own environment variables
/// (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/): an endpoint is enough to trace.</summary>
internal sealed class OtelVariables(Findings findings, Func<string, string?> environment)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private const string TracesPath = "v1/traces";

    public string? ServiceName => Value("OTEL_SERVICE_NAME") ?? Resource.GetValueOrDefault("service.name");

    /// <summary>Of <c>OTEL_RESOURCE_ATTRIBUTES</c>.</summary>
    public IReadOnlyDictionary<string, string> Resource => Pairs("OTEL_RESOURCE_ATTRIBUTES");

    /// <summary>What is traced when no file says so, or null for nothing.</summary>
    public TraceOptions? Read()
    {
        var own = Value(Prefix + "TRACES_ENDPOINT");
        var name = Prefix + (own is null ? "ENDPOINT" : "TRACES_ENDPOINT");
        var off = Value("OTEL_SDK_DISABLED") is "true" or "True" or "TRUE" || Value("OTEL_TRACES_EXPORTER") == "none";
        if (off || Value(name) is not { } text)
        {
            return null;
        }

        var grpc = Grpc();
        if (TextRules.HttpAddress(text) is { } wrong)
        {
            findings.Mistake(name, $"the value (not shown) {wrong}");
            return null;
        }

        var root = new Uri(text.EndsWith('/') || own is not null ? text : text + "/");
        findings.Note($"Traces are sent to the address in the environment variable {name}.");
        var headers = Pairs(Prefix + "HEADERS").Concat(Pairs(Prefix + "TRACES_HEADERS"));
        var options = Sampling(
            new TraceOptions
            {
                Collector = grpc || own is not null ? root : new Uri(root, TracesPath),
                Grpc = grpc,
                Resource = Resource,
                Headers = headers.GroupBy(h => h.Key).ToDictionary(h => h.Key, h => new Secret(h.Last().Value)),
            }
        );
        return ServiceName is { } service ? options with { ServiceName = service } : options;
    }

    /// <summary>With the sampler that <c>OTEL_TRACES_SAMPLER</c> names.</summary>
    public TraceOptions Sampling(TraceOptions options)
    {
        const string parentBased = "parentbased_";
        var sampler = Value("OTEL_TRACES_SAMPLER");
        if (sampler is null)
        {
            return options;
        }

        var follows = sampler.StartsWith(parentBased, StringComparison.Ordinal);
        switch (follows ? sampler[parentBased.Length..] : sampler)
        {
            case "always_on":
                return options with { FollowsCaller = follows, SampleRatio = 1 };
            case "always_off":
                return options with { FollowsCaller = follows, SampleRatio = 0 };
            case "traceidratio":
                return options with { FollowsCaller = follows, SampleRatio = Ratio() };
            default:
                findings.Mistake(
                    "OTEL_TRACES_SAMPLER",
                    $"{JsonPath.Quoted(sampler)} is no sampler that is known here. Write always_on, always_off or traceidratio, with parentbased_ before it or not."
                );
                return options;
        }
    }

    /// <summary>An address of a collector without a path gets the one that the protocol's own documents give it.</summary>
    public static Uri Complete(Uri collector, bool grpc) =>
        grpc || collector.AbsolutePath != "/" ? collector : new Uri(collector, TracesPath);

    private bool Grpc()
    {
        var name = Value(Prefix + "TRACES_PROTOCOL") is null ? Prefix + "PROTOCOL" : Prefix + "TRACES_PROTOCOL";
        switch (Value(name))
        {
            case null or "http/protobuf":
                return false;
            case "grpc":
                return true;
            case var other:
                findings.Mistake(name, $"{JsonPath.Quoted(other)} is not served. Write grpc or http/protobuf.");
                return false;
        }
    }

    private double Ratio()
    {
        const string name = "OTEL_TRACES_SAMPLER_ARG";
        if (Value(name) is not { } text)
        {
            return 1;
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var ratio) && ratio is >= 0 and <= 1)
        {
            return ratio;
        }

        findings.Mistake(name, $"{JsonPath.Quoted(text)} is no share of traces. Write a number from 0 to 1.");
        return 1;
    }

    /// <summary><c>name=value,name=value</c>, percent-encoded; what is not a pair is passed over with a warning that shows nothing of it.</summary>
    private Dictionary<string, string> Pairs(string variable)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in (Value(variable) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
            {
                pairs[Uri.UnescapeDataString(pair[..at].Trim())] = Uri.UnescapeDataString(pair[(at + 1)..].Trim());
            }
            else
            {
                findings.Mistake(
                    variable,
                    "has something in it that is not name=value. Separate pairs by commas and write a comma in a value as %2C."
                );
            }
        }

        return pairs;
    }

    private string? Value(string name) => environment(name)?.Trim() is { Length: > 0 } text ? text : null;
}
