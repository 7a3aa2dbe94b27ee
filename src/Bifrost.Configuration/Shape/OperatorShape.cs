namespace Bifrost.Configuration;

/// <summary>Keys of config.json that are about running the gateway: the administrator, the store, the proxy.</summary>
internal static class OperatorShape
{
    public static Section Auth { get; } =
        new(
            Field.Variable("admin_username", TextRules.Name),
            Field.Variable("admin_password", TextRules.NotBlank) with
            {
                Secret = true,
            },
            Field.Flag("is_enabled"),
            Field.Flag("disable_auth_on_inference")
        );

    /// <summary><c>config_store</c>. The fields of both kinds of store stand in one table, so that none is taken for a typing mistake.</summary>
    public static Section Store { get; } =
        new(
            Field.Flag("enabled"),
            Field.Choice("type", "sqlite", "postgres"),
            Field.Of(
                "config",
                new Section(
                    Field.Variable("path", TextRules.NotBlank),
                    Field.Variable("host", TextRules.NotBlank),
                    Field.Variable("port", TextRules.Port) with
                    {
                        TakesNumber = true,
                    },
                    Field.Variable("user", TextRules.NotBlank),
                    Field.Variable("password", TextRules.NotBlank) with
                    {
                        Secret = true,
                    },
                    Field.Variable("db_name", TextRules.NotBlank),
                    Field.Variable("ssl_mode", TextRules.OneOf(["disable", "allow", "prefer", "require", "verify-ca", "verify-full"])),
                    Field.Whole("max_idle_conns", 0, 10_000, "connections"),
                    Field.Whole("max_open_conns", 1, 10_000, "connections")
                )
            )
        );

    /// <summary><c>framework</c>. Prices come with the program, so there is nothing to fetch.</summary>
    public static Section Framework { get; } =
        new(Field.Of("pricing", new Section(Field.Unserved("pricing_url"), Field.Unserved("pricing_sync_interval"))));

    /// <summary>The body of <c>/api/proxy-config</c>.</summary>
    public static Section Proxy { get; } =
        new(
            Field.Flag("enabled"),
            Field.Choice("type", "http"),
            Field.Variable("url", TextRules.HttpAddress),
            Field.Variable("username", TextRules.NotBlank),
            Field.Variable("password", TextRules.NotBlank) with
            {
                Secret = true,
            },
            Field.Text("no_proxy"),
            Field.Flag("skip_tls_verify"),
            Field.Flag("enable_for_inference"),
            Field.Unserved("timeout"),
            Field.Unserved("enable_for_scim"),
            Field.Unserved("enable_for_api")
        );
}
