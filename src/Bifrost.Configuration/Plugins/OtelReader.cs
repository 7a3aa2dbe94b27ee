using System.Text.Json;
using Bifrost.Core.World;
using Bifrost.Observability.Traces;

namespace Bifrost.Configuration;

/// <summary>Reads the <c>config</c> of the plugin <c>otel</c>.</summary>
internal sealed class OtelReader(SectionReading config, Findings findings)
{
    public TraceOptions? Read(OtelVariables variables)
    {
        if (config.Element.ValueKind != JsonValueKind.Object)
        {
            // That it should be an object was said already.
            return null;
        }

        if (config.Text("trace_type") is "vercel" or "open_inference")
        {
            findings.Warning($"`{config.PathOf("trace_type")}` is not served by this version of Bifrost: spans follow `genai_extension`.");
        }

        var grpc = config.Text("protocol") == "grpc";
        var certificate = CertificateIn(config.Text("tls_ca_cert"));
        var secured = certificate is not null || config.Flag("insecure") == false;
        if (CollectorAt(grpc, secured) is not { } collector)
        {
            return null;
        }

        var defaults = variables.Sampling(new TraceOptions { Collector = collector });
        return defaults with
        {
            Grpc = grpc,
            CaCertPem = certificate,
            ServiceName = config.Text("service_name") ?? variables.ServiceName ?? defaults.ServiceName,
            Resource = variables.Resource,
            Headers = (config.TextMap("headers") ?? new Dictionary<string, string>()).ToDictionary(h => h.Key, h => new Secret(h.Value)),
            SampleRatio = config.Number("sample_ratio") ?? defaults.SampleRatio,
            FollowsCaller = config.Flag("parent_based") ?? defaults.FollowsCaller,
            Content = config.Flag("disable_content_logging") == false,
        };
    }

    private Uri? CollectorAt(bool grpc, bool secured)
    {
        var path = config.PathOf("collector_url");
        if (config.Text("collector_url") is not { } text)
        {
            if (!config.Has("collector_url"))
            {
                findings.Mistake(path, "is missing. Write the collector's address, such as http://127.0.0.1:4318/v1/traces.");
            }

            return null;
        }

        var scheme = grpc && !text.Contains("://", StringComparison.Ordinal) ? (secured ? "https://" : "http://") : "";
        if (TextRules.HttpAddress(scheme + text) is { } wrong)
        {
            findings.Mistake(path, $"the value (not shown) {wrong}");
            return null;
        }

        return OtelVariables.Complete(new Uri(scheme + text), grpc);
    }

    private string? CertificateIn(string? written)
    {
        if (written is null)
        {
            return null;
        }

        var at = config.PathOf("tls_ca_cert");
        var pem = written;
        if (!written.Contains("-----BEGIN", StringComparison.Ordinal))
        {
            try
            {
                pem = File.ReadAllText(written);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                findings.Mistake(
                    at,
                    $"the file {JsonPath.Quoted(written)} cannot be read. Write the path of a file with the certificate in PEM form."
                );
                return null;
            }
        }

        if (TextRules.Certificate(pem) is not { } wrong)
        {
            return pem;
        }

        findings.Mistake(at, $"the file {(pem == written ? "" : JsonPath.Quoted(written) + " ")}{wrong}");
        return null;
    }
}
