namespace Bifrost.Configuration;

/// <summary>Entries of <c>plugins</c>, and what stands in the <c>config</c> of those that are served.</summary>
internal static class PluginShape
{
    /// <summary><c>config</c> is read by the plugin that it belongs to.</summary>
    public static Section Entry { get; } =
        new(
            Field.Text("name", TextRules.NotBlank) with
            {
                Required = true,
            },
            Field.Flag("enabled"),
            Field.Silent("config"),
            Field.Silent("path"),
            Field.Silent("version"),
            Field.Silent("placement"),
            Field.Silent("order")
        );

    /// <summary>The plugin <c>otel</c>. <c>sample_ratio</c> and <c>parent_based</c> are ours.</summary>
    public static Section Otel { get; } =
        new(
            Field.Variable("service_name", TextRules.Name),
            Field.Variable("collector_url", TextRules.NotBlank),
            Field.Choice("trace_type", "genai_extension", "vercel", "open_inference"),
            Field.Choice("protocol", "http", "grpc"),
            new Field("headers", FieldKind.TextMap)
            {
                NameRule = TextRules.SentHeaderName,
                Rule = TextRules.HeaderValue,
                Secret = true,
                FromEnvironment = true,
            },
            Field.Variable("tls_ca_cert", TextRules.NotBlank),
            Field.Flag("insecure"),
            Field.Flag("disable_content_logging"),
            new Field("sample_ratio", FieldKind.Number) { Least = 0, Most = 1 },
            Field.Flag("parent_based"),
            Field.Unserved("profiles"),
            Field.Unserved("traces_enabled"),
            Field.Unserved("trace_headers"),
            Field.Unserved("request_headers"),
            Field.Unserved("group_traces_by_session"),
            Field.Unserved("plugin_span_filter"),
            Field.Unserved("metrics_enabled"),
            Field.Unserved("metrics_endpoint"),
            Field.Unserved("metrics_headers"),
            Field.Unserved("metrics_push_interval")
        );
}
