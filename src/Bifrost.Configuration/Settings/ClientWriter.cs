using System.Text.Json.Nodes;
using Bifrost.Core.World;

namespace Bifrost.Configuration.Settings;

/// <summary>Writes the <c>client</c> section as it is in force.</summary>
internal static class ClientWriter
{
    public static JsonObject Write(ClientConfig client, UnpricedModels unpriced, JsonObject document)
    {
        var written = new JsonObject
        {
            ["allow_direct_keys"] = client.AllowDirectKeys ?? !client.EnforceAuthOnInference,
            ["enforce_auth_on_inference"] = client.EnforceAuthOnInference,
            ["max_request_body_size_mb"] = client.MaxRequestBodySizeMb,
            ["allowed_origins"] = List(client.AllowedOrigins),
            ["allowed_headers"] = List(client.AllowedHeaders),
            ["required_headers"] = List(client.RequiredHeaders),
            ["strict_parameters"] = client.StrictParameters,
            ["public_url"] = client.PublicUrl?.AbsoluteUri,
            ["shutdown_seconds"] = client.ShutdownSeconds,
            ["unpriced_models"] = unpriced == UnpricedModels.Refuse ? "refuse" : "allow",
            ["prometheus_labels"] = List(client.PrometheusLabels),
            ["enable_logging"] = client.Log.Enabled,
            ["disable_content_logging"] = !client.Log.Content,
            ["logging_headers"] = List(client.Log.Headers),
            ["log_retention_days"] = client.Log.RetentionDays,
            ["log_content_retention_days"] = client.Log.ContentRetentionDays,
            ["log_content_max_kb"] = client.Log.ContentMaxKb,
            ["log_max_mb"] = client.Log.MaxMb,
            ["log_secret_fields"] = List(client.Log.SecretFields),
            ["log_secret_patterns"] = List(client.Log.SecretPatterns),
            ["hide_deleted_virtual_keys_in_filters"] = client.HideDeletedInFilters,
        };
        foreach (var (name, value) in document)
        {
            if (!written.ContainsKey(name) && PublishedShape.Client.Find(name) is { Served: false })
            {
                written[name] = value?.DeepClone();
            }
        }

        return written;
    }

    private static JsonArray List(IReadOnlyList<string> texts) => new([.. texts.Select(t => (JsonNode)JsonValue.Create(t))]);
}
