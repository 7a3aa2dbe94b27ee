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
        };
    }

    /// <summary>What to do with models that have no price.</summary>
    public static UnpricedModels Unpriced(SectionReading? section) =>
        section?.Text("unpriced_models") == "refuse" ? UnpricedModels.Refuse : UnpricedModels.Allow;
}
