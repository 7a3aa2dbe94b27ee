using static Bifrost.Web.Settings.SettingKind;

namespace Bifrost.Web.Settings;

/// <summary>Everything that can be set on this page. To offer another setting of the API, add a row.</summary>
public static class AllSettings
{
    private const string Client = "client_config";
    private const string Auth = "auth_config";
    private const string Proxy = "proxy_config";

    /// <summary>The tabs.</summary>
    public static IReadOnlyList<(string Name, string Title)> Sections { get; } =
    [
        ("security", "Security"),
        ("logging", "Logging"),
        ("prices", "Prices"),
        ("network", "Network"),
        ("client", "Requests"),
        ("backup", "Backup"),
    ];

    /// <summary>All of them, in the order of the page.</summary>
    public static IReadOnlyList<Setting> Rows { get; } =
    [
        new(
            "security",
            "Administrator",
            Auth,
            "is_enabled",
            Flag,
            "Ask for a login",
            "Off: only somebody at this machine can manage the gateway, and needs no password."
        ),
        new("security", "Administrator", Auth, "admin_username", Text, "Name", "Who signs in."),
        new(
            "security",
            "Administrator",
            Auth,
            "admin_password",
            Secret,
            "New password",
            "Only a hash of it is kept. env.NAME takes it from that environment variable."
        ),
        new(
            "security",
            "Administrator",
            Auth,
            "disable_auth_on_inference",
            NotFlag,
            "Ask for this login on inference too",
            "Callers without a virtual key then need the name and the password."
        ),
        new(
            "security",
            "Who may call",
            Client,
            "enforce_auth_on_inference",
            Flag,
            "Every call needs a virtual key",
            "Calls without one are refused. Budgets and limits then hold for everybody."
        ),
        new(
            "security",
            "Who may call",
            Client,
            "allow_direct_keys",
            Flag,
            "Callers may bring a provider's key",
            "They then pay the provider themselves, and your keys are not used."
        )
        {
            IsUsuallyOn = true,
        },
        new(
            "security",
            "Who may call",
            Client,
            "required_headers",
            Lines,
            "Headers a call must have",
            "One name on a line, such as x-team. A call without one of them is refused."
        ),
        new(
            "security",
            "Web pages",
            Client,
            "allowed_origins",
            Lines,
            "Web pages that may call",
            "One origin on a line, such as https://app.example.com. A star stands for any characters; * alone lets every page call."
        ),
        new(
            "security",
            "Web pages",
            Client,
            "allowed_headers",
            Lines,
            "Headers they may send",
            "One name on a line, besides the usual ones."
        ),
        new(
            "logging",
            "What is kept",
            Client,
            "enable_logging",
            Flag,
            "Log requests",
            "Off: requests leave no rows. What they cost is counted all the same."
        )
        {
            IsUsuallyOn = true,
        },
        new(
            "logging",
            "What is kept",
            Client,
            "disable_content_logging",
            NotFlag,
            "Keep what was asked and answered",
            "A virtual key may decide otherwise for its own calls."
        )
        {
            IsUsuallyOn = true,
        },
        new(
            "logging",
            "What is kept",
            Client,
            "log_content_max_kb",
            Whole,
            "Longest text kept (KiB)",
            "Of what was asked, and as much of what was answered."
        )
        {
            Usual = "64",
        },
        new(
            "logging",
            "What is kept",
            Client,
            "logging_headers",
            Lines,
            "Headers kept with a request",
            "One name on a line. Those that begin with x-bf-lh- always are."
        ),
        new("logging", "For how long", Client, "log_retention_days", Whole, "Rows (days)", "Older ones are deleted.") { Usual = "365" },
        new(
            "logging",
            "For how long",
            Client,
            "log_content_retention_days",
            Whole,
            "What was asked and answered (days)",
            "Never longer than the row it belongs to."
        )
        {
            Usual = "as long as the row",
        },
        new("logging", "For how long", Client, "log_max_mb", Whole, "Largest size (MiB)", "When the log is larger, the oldest goes.")
        {
            Usual = "no limit",
        },
        new(
            "logging",
            "What is never kept",
            Client,
            "log_secret_fields",
            Lines,
            "Fields whose values are left out",
            "One name of a JSON field or header on a line. password, api_key, authorization and their like always are."
        ),
        new(
            "logging",
            "What is never kept",
            Client,
            "log_secret_patterns",
            Lines,
            "Patterns that are blacked out",
            "One regular expression on a line. What looks like a key is found without."
        ),
        new(
            "logging",
            "Looking at it",
            Client,
            "hide_deleted_virtual_keys_in_filters",
            Flag,
            "Offer only what still exists to filter by",
            "Deleted virtual keys, teams and others are then not in the log's filters."
        ),
        new("prices", "Models without a price", Client, "unpriced_models", Choice, "When nobody knows what a model costs", "")
        {
            Choices =
            [
                ("allow", "Serve it, and mark its cost as unknown"),
                ("refuse", "Refuse it, so that nothing is spent outside of budgets"),
            ],
        },
        new(
            "network",
            "Proxy",
            Proxy,
            "enabled",
            Flag,
            "Reach providers through a proxy",
            "Everything that goes out to a provider goes there first."
        ),
        new("network", "Proxy", Proxy, "url", Text, "Address", "Such as http://proxy.example.com:3128."),
        new("network", "Proxy", Proxy, "type", Choice, "Type", "What the proxy speaks.") { Choices = [("http", "HTTP")] },
        new("network", "Proxy", Proxy, "username", Text, "User", "Where the proxy asks for one.") { Usual = "none" },
        new("network", "Proxy", Proxy, "password", Secret, "Password", "Kept sealed and never shown again."),
        new(
            "network",
            "Proxy",
            Proxy,
            "no_proxy",
            Text,
            "Reached without it",
            "Hosts with commas in between, such as localhost, .internal.example.com."
        )
        {
            Usual = "none",
        },
        new(
            "network",
            "Proxy",
            Proxy,
            "enable_for_inference",
            Flag,
            "Use it for calls to providers",
            "Off: it is remembered, and calls go out directly."
        )
        {
            IsUsuallyOn = true,
        },
        new(
            "network",
            "Proxy",
            Proxy,
            "skip_tls_verify",
            Flag,
            "Accept any certificate",
            "Dangerous: whoever stands between can then read your keys."
        ),
        new("client", "Requests", Client, "max_request_body_size_mb", Whole, "Largest request (MiB)", "Larger ones are refused.")
        {
            Usual = "100",
        },
        new(
            "client",
            "Requests",
            Client,
            "strict_parameters",
            Flag,
            "Refuse parameters a model cannot take",
            "Off: they are dropped, and the answer says so. A call decides for itself with the header x-bf-strict."
        ),
        new(
            "client",
            "The gateway",
            Client,
            "public_url",
            Text,
            "Public address",
            "The https address under which the world reaches this gateway. With it, Replicate calls back instead of being asked again and again."
        )
        {
            Usual = "none",
        },
        new(
            "client",
            "The gateway",
            Client,
            "shutdown_seconds",
            Whole,
            "Time to finish at a stop (s)",
            "So long running requests may go on when the gateway stops."
        )
        {
            Usual = "30",
        },
        new(
            "client",
            "Metrics",
            Client,
            "prometheus_labels",
            Lines,
            "Labels that callers fill",
            "One name on a line; callers send x-bf-prom- and the name as a header."
        ),
    ];
}
