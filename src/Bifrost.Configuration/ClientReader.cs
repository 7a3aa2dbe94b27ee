using Bifrost.Configuration.Settings;
using Bifrost.Core.World;

namespace Bifrost.Configuration;

/// <summary>Reads the <c>client</c> section.</summary>
internal static class ClientReader
{
    public static ClientConfig Read(SectionReading? section, Findings findings)
    {
        var defaults = new ClientConfig();
        if (section is null)
        {
            return defaults;
        }

        return new ClientConfig
        {
            AllowDirectKeys = section.Flag("allow_direct_keys"),
            EnforceAuthOnInference = section.Flag("enforce_auth_on_inference") ?? defaults.EnforceAuthOnInference,
            MaxRequestBodySizeMb = section.Whole("max_request_body_size_mb") ?? defaults.MaxRequestBodySizeMb,
            AllowedOrigins = section.Texts("allowed_origins") ?? defaults.AllowedOrigins,
            AllowedHeaders = section.Texts("allowed_headers") ?? defaults.AllowedHeaders,
            RequiredHeaders = section.Texts("required_headers") ?? defaults.RequiredHeaders,
            StrictParameters = section.Flag("strict_parameters") ?? defaults.StrictParameters,
            PublicUrl = section.Text("public_url") is { } url ? new Uri(url) : null,
            ShutdownSeconds = section.Whole("shutdown_seconds") ?? defaults.ShutdownSeconds,
            PrometheusLabels = section.Texts("prometheus_labels") ?? defaults.PrometheusLabels,
            Log = Log(section, defaults.Log),
            HideDeletedInFilters = section.Flag("hide_deleted_virtual_keys_in_filters") ?? defaults.HideDeletedInFilters,
        };
    }

    private static LogConfig Log(SectionReading section, LogConfig defaults) =>
        new()
        {
            Enabled = section.Flag("enable_logging") ?? defaults.Enabled,
            Content = !(section.Flag("disable_content_logging") ?? !defaults.Content),
            ContentMaxKb = section.Whole("log_content_max_kb") ?? defaults.ContentMaxKb,
            Headers = section.Texts("logging_headers") ?? defaults.Headers,
            SecretFields = section.Texts("log_secret_fields") ?? defaults.SecretFields,
            SecretPatterns = section.Texts("log_secret_patterns") ?? defaults.SecretPatterns,
            RetentionDays = section.Whole("log_retention_days") ?? defaults.RetentionDays,
            ContentRetentionDays = section.Whole("log_content_retention_days"),
            MaxMb = section.Whole("log_max_mb"),
        };

    /// <summary>What to do with models that have no price.</summary>
    public static UnpricedModels Unpriced(SectionReading? section) =>
        section?.Text("unpriced_models") == "refuse" ? UnpricedModels.Refuse : UnpricedModels.Allow;
}
