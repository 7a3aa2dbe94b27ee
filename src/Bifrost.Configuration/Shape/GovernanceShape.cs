namespace Bifrost.Configuration;

/// <summary>The <c>governance</c> section. Limits stand either apart and are named by their id (version 1.4), or within what they limit (1.5).</summary>
internal static class GovernanceShape
{
    private static readonly Field[] BudgetFields =
    [
        Field.Text("id", TextRules.Name),
        Field.Amount("max_limit", "US dollars") with
        {
            Required = true,
        },
        Field.Text("reset_duration", TextRules.NotBlank) with
        {
            Required = true,
        },
        Field.Flag("calendar_aligned"),
        Field.Text("time_zone", TextRules.NotBlank),
        Field.Whole("quarter_start_month", 1, 12),
        Field.Of("reset_config", new Section(Field.Whole("quarter_start_month", 1, 12))),
        Field.Choice("enforcement", "standard", "hard"),
        Field.Silent("current_usage"),
        Field.Silent("last_reset"),
        Field.Silent("config_hash"),
        Field.Silent("created_at"),
        Field.Silent("updated_at"),
    ];

    private static readonly Field[] RateFields =
    [
        Field.Text("id", TextRules.Name),
        Field.Count("token_max_limit", "tokens"),
        Field.Text("token_reset_duration", TextRules.NotBlank),
        Field.Count("request_max_limit", "requests"),
        Field.Text("request_reset_duration", TextRules.NotBlank),
        Field.Count("concurrent_max_limit", "calls at once"),
        Field.Silent("token_current_usage"),
        Field.Silent("token_last_reset"),
        Field.Silent("request_current_usage"),
        Field.Silent("request_last_reset"),
        Field.Silent("calendar_aligned"),
        Field.Silent("config_hash"),
        Field.Silent("created_at"),
        Field.Silent("updated_at"),
    ];

    private static readonly Section Budget = new(BudgetFields);

    private static readonly Section Rate = new(RateFields);

    // Every owner of limits may have them in each of the published ways.
    private static readonly Field[] Limits =
    [
        Field.Text("budget_id", TextRules.Name),
        Field.Texts("budget_ids", TextRules.Name),
        Field.Of("budget", Budget),
        Field.ListOf("budgets", Budget),
        Field.Text("rate_limit_id", TextRules.Name),
        Field.Of("rate_limit", Rate),
        Field.Flag("calendar_aligned"),
        Field.Silent("config_hash"),
        Field.Silent("created_at"),
        Field.Silent("updated_at"),
    ];

    private static readonly Field[] Directory =
    [
        Field.Silent("profile"),
        Field.Silent("config"),
        Field.Silent("claims"),
        Field.Silent("source_id"),
        Field.Silent("virtual_key_count"),
    ];

    private static readonly Field Name = Field.Text("name", TextRules.Name) with { Required = true };

    private static readonly Section Customer = new([Field.Text("id", TextRules.Name), Name, .. Limits]);

    private static readonly Section BusinessUnit = new([
        Field.Text("id", TextRules.Name),
        Name,
        Field.Text("customer_id", TextRules.Name),
        Field.Texts("team_ids", TextRules.Name),
        .. Limits,
        .. Directory,
    ]);

    private static readonly Section Team = new([
        Field.Text("id", TextRules.Name),
        Name,
        Field.Text("customer_id", TextRules.Name),
        Field.Text("business_unit_id", TextRules.Name),
        .. Limits,
        .. Directory,
    ]);

    private static readonly Section User = new([
        Field.Text("id", TextRules.Name),
        Name,
        Field.Text("email", TextRules.NotBlank),
        .. Limits,
    ]);

    private static readonly Section ProviderAccess = new([
        Field.Whole("id", 1, int.MaxValue),
        Field.Text("provider", TextRules.NotBlank) with
        {
            Required = true,
        },
        new Field("weight", FieldKind.Number) { Least = 0 },
        Field.Texts("allowed_models", TextRules.Model),
        Field.Texts("key_ids", TextRules.Name),
        Field.Texts("allowed_keys", TextRules.Name),
        .. Limits,
    ]);

    private static readonly Section VirtualKey = new([
        Field.Text("id", TextRules.Name),
        Name,
        Field.Text("description"),
        Field.Variable("value", TextRules.Credential) with
        {
            Secret = true,
        },
        Field.Flag("is_active"),
        Field.Flag("log_content"),
        Field.Text("expires_at", TextRules.Time),
        Field.Texts("tags", TextRules.Name),
        Field.Text("user_id", TextRules.Name),
        Field.Text("team_id", TextRules.Name),
        Field.Text("customer_id", TextRules.Name),
        Field.ListOf("provider_configs", ProviderAccess),
        Field.Unserved("mcp_configs"),
        Field.Unserved("access_profile_id"),
        .. Limits,
    ]);

    private static readonly Section ModelLimit = new([
        Field.Text("id", TextRules.Name),
        Field.Text("model_name", TextRules.Model) with
        {
            Required = true,
        },
        Field.Text("provider", TextRules.NotBlank),
        Field.Text("user_id", TextRules.Name),
        Field.Choice("scope", "global", "user"),
        Field.Text("scope_id", TextRules.Name),
        .. Limits,
    ]);

    private static readonly Section ProviderLimit = new([
        Field.Text("name", TextRules.NotBlank) with
        {
            Required = true,
        },
        Field.Text("provider", TextRules.NotBlank) with
        {
            SameAs = "name",
        },
        Field.Silent("id"),
        Field.Silent("description"),
        Field.Unserved("send_back_raw_request"),
        Field.Unserved("send_back_raw_response"),
        Field.Unserved("store_raw_request_response"),
        Field.Unserved("network_config"),
        Field.Unserved("proxy_config"),
        Field.Unserved("custom_provider_config"),
        Field.Unserved("concurrency_and_buffer_size"),
        Field.Unserved("openai_config"),
        .. Limits,
    ]);

    private static readonly Section DimensionLimit = new([
        Field.Text("id", TextRules.Name),
        Name,
        Field.Text("header", TextRules.HeaderName) with
        {
            Required = true,
        },
        Field.Text("value", TextRules.NotBlank),
        Field.Text("virtual_key_id", TextRules.Name),
        .. Limits,
    ]);

    public static Section Governance { get; } =
        new(
            Field.ListOf(
                "budgets",
                new Section([
                    .. BudgetFields,
                    Field.Text("virtual_key_id", TextRules.Name),
                    Field.Whole("provider_config_id", 1, int.MaxValue),
                    Field.Text("model_config_id", TextRules.Name),
                    Field.Text("customer_id", TextRules.Name),
                    Field.Text("team_id", TextRules.Name),
                ])
            ),
            Field.ListOf("rate_limits", Rate),
            Field.ListOf("customers", Customer),
            Field.ListOf("business_units", BusinessUnit),
            Field.ListOf("teams", Team),
            Field.ListOf("users", User),
            Field.ListOf("virtual_keys", VirtualKey),
            Field.ListOf("model_configs", ModelLimit),
            Field.ListOf("providers", ProviderLimit),
            Field.ListOf("dimension_limits", DimensionLimit),
            Field.ListOf("pricing_overrides", PriceShape.Scoped),
            Field.Of("auth_config", OperatorShape.Auth),
            Field.Unserved("routing_rules"),
            Field.Unserved("roles"),
            Field.Unserved("complexity_analyzer_config")
        );
}
