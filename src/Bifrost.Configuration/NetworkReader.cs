using Bifrost.Core.World;

namespace Bifrost.Configuration;

/// <summary>Reads a provider's <c>network_config</c>.</summary>
internal static class NetworkReader
{
    public static NetworkConfig Read(SectionReading? section, Findings findings)
    {
        var defaults = new NetworkConfig();
        if (section is null)
        {
            return defaults;
        }

        var network = new NetworkConfig
        {
            BaseUrl = section.Text("base_url") is { } url ? new Uri(url) : null,
            ExtraHeaders = section.TextMap("extra_headers") ?? defaults.ExtraHeaders,
            RequestTimeoutSeconds = section.Whole("default_request_timeout_in_seconds"),
            StreamIdleTimeoutSeconds = section.Whole("stream_idle_timeout_in_seconds") ?? defaults.StreamIdleTimeoutSeconds,
            MaxRetries = section.Whole("max_retries") ?? defaults.MaxRetries,
            RetryBackoffInitialMs = section.Whole("retry_backoff_initial") ?? defaults.RetryBackoffInitialMs,
            RetryBackoffMaxMs = section.Whole("retry_backoff_max") ?? defaults.RetryBackoffMaxMs,
            MaxConnectionsPerHost = section.Whole("max_conns_per_host") ?? defaults.MaxConnectionsPerHost,
            InsecureSkipVerify = section.Flag("insecure_skip_verify") ?? defaults.InsecureSkipVerify,
            CaCertPem = section.Text("ca_cert_pem"),
        };

        // Judged only when both are the author's: a lone one lives with the other's default.
        if (
            section.Has("retry_backoff_initial")
            && section.Has("retry_backoff_max")
            && network.RetryBackoffInitialMs > network.RetryBackoffMaxMs
        )
        {
            findings.Mistake(
                section.PathOf("retry_backoff_initial"),
                $"is {network.RetryBackoffInitialMs}, more than `retry_backoff_max`, which is {network.RetryBackoffMaxMs}. Write at most that."
            );
        }

        if (network.InsecureSkipVerify)
        {
            findings.Warning(
                $"`{section.PathOf("insecure_skip_verify")}` is on: whoever stands between Bifrost and the provider can read the keys."
            );
        }

        return network;
    }
}
