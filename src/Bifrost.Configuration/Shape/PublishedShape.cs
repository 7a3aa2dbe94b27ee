namespace Bifrost.Configuration;

/// <summary>Every key that config.json may have: the published ones, served or not, and a few of our own: under <c>client</c>
/// <c>strict_parameters</c>, <c>public_url</c>, <c>shutdown_seconds</c> and most that begin with <c>log_</c>, and all but <c>deployments</c> in <c>replicate_key_config</c>. To serve a further key,
/// change its row here and read it where its section is read.</summary>
internal static class PublishedShape
{
    private const string Seconds = "seconds";
    private const string Milliseconds = "milliseconds";

    private static readonly Section ReplicateKey = new(
        new Field("deployments", FieldKind.TextMap) { NameRule = TextRules.Model, Rule = TextRules.Deployment },
        new Field("hardware", FieldKind.TextMap) { NameRule = TextRules.Model, Rule = TextRules.Hardware },
        Field.Variable("account", TextRules.Credential),
        Field.Credential("files_signing_secret"),
        Field.Credential("webhook_secret"),
        new Field("secrets", FieldKind.TextMap)
        {
            NameRule = TextRules.NotBlank,
            Rule = TextRules.NotBlank,
            Secret = true,
            FromEnvironment = true,
        }
    );

    public static Section Key { get; } =
        new(
            Field.Text("name", TextRules.Name) with
            {
                Required = true,
            },
            Field.Text("id", TextRules.Name),
            Field.Credential("value"),
            Field.Texts("models", TextRules.Model),
            Field.Texts("blacklisted_models", TextRules.Model),
            new Field("weight", FieldKind.Number) { Least = 0 },
            Field.Flag("enabled"),
            new Field("aliases", FieldKind.TextMap) { NameRule = TextRules.Model, Rule = TextRules.Model },
            Field.Of("replicate_key_config", ReplicateKey),
            Field.Silent("description"),
            Field.Unserved("use_for_batch_api"),
            Field.Unserved("azure_key_config"),
            Field.Unserved("vertex_key_config"),
            Field.Unserved("bedrock_key_config"),
            Field.Unserved("vllm_key_config"),
            Field.Unserved("huggingface_key_config"),
            Field.Unserved("ollama_key_config"),
            Field.Unserved("sgl_key_config"),
            Field.Silent("config_hash"),
            Field.Silent("status")
        );

    private static readonly Section Network = new(
        Field.Variable("base_url", TextRules.HttpAddress),
        new Field("extra_headers", FieldKind.TextMap)
        {
            NameRule = TextRules.SentHeaderName,
            Rule = TextRules.HeaderValue,
            Secret = true,
            FromEnvironment = true,
        },
        Field.Whole("default_request_timeout_in_seconds", 1, 86_400, Seconds),
        Field.Whole("stream_idle_timeout_in_seconds", 5, 3600, Seconds),
        Field.Whole("max_retries", 0, 100),
        Field.Whole("retry_backoff_initial", 0, 600_000, Milliseconds),
        Field.Whole("retry_backoff_initial_ms", 0, 600_000, Milliseconds) with
        {
            SameAs = "retry_backoff_initial",
        },
        Field.Whole("retry_backoff_max", 0, 600_000, Milliseconds),
        Field.Whole("retry_backoff_max_ms", 0, 600_000, Milliseconds) with
        {
            SameAs = "retry_backoff_max",
        },
        Field.Whole("max_conns_per_host", 1, 10_000, "connections"),
        Field.Flag("insecure_skip_verify"),
        Field.Variable("ca_cert_pem", TextRules.Certificate) with
        {
            Secret = true,
        },
        Field.Unserved("enforce_http2"),
        Field.Unserved("beta_header_overrides")
    );

    private static readonly Section CustomProvider = new(
        Field.Text("base_provider_type", TextRules.NotBlank) with
        {
            Required = true,
        },
        Field.Flag("is_key_less"),
        Field.Unserved("allowed_requests"),
        Field.Unserved("request_path_overrides")
    );

    /// <summary>One entry of <c>providers</c>.</summary>
    public static Section Provider { get; } =
        new(
            Field.ListOf("keys", Key),
            Field.Of("network_config", Network),
            Field.Of("custom_provider_config", CustomProvider),
            Field.Silent("description"),
            Field.Unserved("concurrency_and_buffer_size"),
            Field.Unserved("proxy_config"),
            Field.Unserved("send_back_raw_request"),
            Field.Unserved("send_back_raw_response"),
            Field.Unserved("store_raw_request_response"),
            Field.ListOf("pricing_overrides", PriceShape.OfProvider),
            Field.Unserved("openai_config"),
            Field.Silent("config_hash"),
            Field.Silent("status"),
            Field.Silent("provider_status")
        );

    public static Section Client { get; } =
        new(
            Field.Flag("allow_direct_keys"),
            Field.Flag("enforce_auth_on_inference"),
            Field.Whole("max_request_body_size_mb", 1, 10_240, "MiB"),
            Field.Texts("allowed_origins", TextRules.Origin),
            Field.Texts("allowed_headers", TextRules.HeaderNameOrAll) with
            {
                Comparer = StringComparer.OrdinalIgnoreCase,
            },
            Field.Texts("required_headers", TextRules.HeaderName) with
            {
                Comparer = StringComparer.OrdinalIgnoreCase,
            },
            Field.Flag("strict_parameters"),
            Field.Variable("public_url", TextRules.HttpsAddress),
            Field.Whole("shutdown_seconds", 0, 3600, Seconds),
            Field.Choice("unpriced_models", "allow", "refuse"),
            Field.Texts("prometheus_labels", TextRules.MetricLabel),
            Field.Flag("enable_logging"),
            Field.Flag("disable_content_logging"),
            Field.Texts("logging_headers", TextRules.HeaderName) with
            {
                Comparer = StringComparer.OrdinalIgnoreCase,
            },
            Field.Whole("log_retention_days", 1, 36_500, "days"),
            Field.Whole("log_content_retention_days", 1, 36_500, "days"),
            Field.Whole("log_content_max_kb", 1, 10_240, "KiB"),
            Field.Whole("log_max_mb", 1, 100_000_000, "MiB"),
            Field.Texts("log_secret_fields", TextRules.NotBlank) with
            {
                Comparer = StringComparer.OrdinalIgnoreCase,
            },
            Field.Texts("log_secret_patterns", TextRules.Expression),
            Field.Flag("hide_deleted_virtual_keys_in_filters"),
            Field.Unserved("drop_excess_requests"),
            Field.Unserved("initial_pool_size"),
            Field.Unserved("disable_db_pings_in_health"),
            Field.Unserved("enforce_governance_header"),
            Field.Unserved("enforce_scim_auth"),
            Field.Unserved("enable_litellm_fallbacks"),
            Field.Unserved("header_filter_config"),
            Field.Unserved("async_job_result_ttl"),
            Field.Unserved("whitelisted_routes"),
            Field.Unserved("mcp_agent_depth"),
            Field.Unserved("mcp_tool_execution_timeout"),
            Field.Unserved("mcp_code_mode_binding_level"),
            Field.Unserved("mcp_tool_sync_interval")
        );

    /// <summary>The file as a whole. <c>providers</c> has names of the operator's choosing and is read apart.</summary>
    public static Section Root { get; } =
        new(
            Field.Silent("$schema"),
            Field.Of("client", Client),
            Field.Silent("providers"),
            Field.Whole("version", 1, 2),
            Field.Variable("encryption_key", TextRules.NotBlank) with
            {
                Secret = true,
            },
            Field.Of("auth_config", OperatorShape.Auth),
            Field.Of("framework", OperatorShape.Framework),
            Field.Of("governance", GovernanceShape.Governance),
            Field.Unserved("mcp"),
            Field.Unserved("vector_store"),
            Field.Of("config_store", OperatorShape.Store),
            Field.Of("logs_store", OperatorShape.Store),
            Field.Unserved("cluster_config"),
            Field.Unserved("saml_config"),
            Field.Unserved("load_balancer_config"),
            Field.Unserved("guardrails_config"),
            Field.ListOf("plugins", PluginShape.Entry),
            Field.Unserved("audit_logs"),
            Field.Unserved("large_payload_optimization"),
            Field.Unserved("websocket")
        );
}
