using System.Text.Json;

namespace Bifrost.Core.World;

/// <summary>What the operator wrote, with defaults filled in and <c>env.X</c> resolved. Not yet checked against the providers that exist.</summary>
public sealed record GatewayConfig
{
    public ClientConfig Client { get; init; } = new();

    /// <summary>What requests to providers go through. Null: nothing.</summary>
    public ProxyConfig? Proxy { get; init; }

    /// <summary>By name, which is the prefix in model strings.</summary>
    public IReadOnlyDictionary<string, ProviderConfig> Providers { get; init; } = new Dictionary<string, ProviderConfig>();
}

/// <summary>An HTTP proxy. Providers on this machine are always reached without it.</summary>
/// <param name="Address">Where it is.</param>
public sealed record ProxyConfig(Uri Address)
{
    public string? Username { get; init; }

    public Secret Password { get; init; } = Secret.Empty;

    /// <summary>Hosts, and domains with all that is below them, that are reached without it. <c>*</c>: all of them.</summary>
    public IReadOnlyList<string> Bypass { get; init; } = [];

    /// <summary>Take any certificate from providers behind it.</summary>
    public bool InsecureSkipVerify { get; init; }
}

/// <summary>The published <c>client</c> section.</summary>
public sealed record ClientConfig
{
    /// <summary>Callers may bring a provider's own key. Null: yes while inference needs no gateway credential.</summary>
    public bool? AllowDirectKeys { get; init; }

    public bool EnforceAuthOnInference { get; init; }

    /// <summary>MiB. Default 100.</summary>
    public int MaxRequestBodySizeMb { get; init; } = 100;

    public IReadOnlyList<string> AllowedOrigins { get; init; } = ["*"];

    public IReadOnlyList<string> AllowedHeaders { get; init; } = [];

    /// <summary>Headers without which a call is refused with 400.</summary>
    public IReadOnlyList<string> RequiredHeaders { get; init; } = [];

    /// <summary>Refuse, instead of dropping with a note, a parameter that a model cannot take. Default false; a call decides for itself with <c>x-bf-strict</c>.</summary>
    public bool StrictParameters { get; init; }

    /// <summary>Where the world can reach this gateway (https), or null. With it, Replicate calls back instead of being polled.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Labels of metrics that callers fill with headers <c>x-bf-prom-NAME</c>.</summary>
    public IReadOnlyList<string> PrometheusLabels { get; init; } = [];

    public LogConfig Log { get; init; } = new();

    /// <summary>Virtual keys and others that are no more are not offered to filter the request log by (<c>hide_deleted_virtual_keys_in_filters</c>). Default
    /// false.</summary>
    public bool HideDeletedInFilters { get; init; }

    /// <summary>Seconds that running requests get to finish when the gateway stops. Default 30.</summary>
    public int ShutdownSeconds { get; init; } = 30;
}

/// <summary>One entry of the published <c>providers</c> section.</summary>
public sealed record ProviderConfig
{
    /// <summary>Which kind of provider: its own name, or <c>custom_provider_config.base_provider_type</c>.</summary>
    public required string Kind { get; init; }

    public IReadOnlyList<KeyConfig> Keys { get; init; } = [];

    public NetworkConfig Network { get; init; } = new();

    /// <summary>Works without any key.</summary>
    public bool KeyLess { get; init; }
}

public sealed record NetworkConfig
{
    /// <summary>Null: the provider's own.</summary>
    public Uri? BaseUrl { get; init; }

    public IReadOnlyDictionary<string, string> ExtraHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>Seconds for one request in all. Null: the provider's own default.</summary>
    public int? RequestTimeoutSeconds { get; init; }

    /// <summary>Seconds between two pieces of a stream. Default 60.</summary>
    public int StreamIdleTimeoutSeconds { get; init; } = 60;

    /// <summary>Further attempts at the same target after failures that certainly were not accepted. Default 2.</summary>
    public int MaxRetries { get; init; } = 2;

    /// <summary>Milliseconds before the first further attempt, doubling. Default 500.</summary>
    public int RetryBackoffInitialMs { get; init; } = 500;

    /// <summary>Milliseconds at most between attempts. Default 5000.</summary>
    public int RetryBackoffMaxMs { get; init; } = 5000;

    /// <summary>Whether the server understands <c>stream_options.include_usage</c>, so that streams can be made to tell what they consumed. Null: only
    /// where the provider itself is called, at its own address.</summary>
    public bool? StreamUsage { get; init; }

    /// <summary>Connections at once. Default: no limit of the gateway's own. With one, a caller who holds as many streams makes all others wait for theirs.</summary>
    public int MaxConnectionsPerHost { get; init; } = int.MaxValue;

    public bool InsecureSkipVerify { get; init; }

    /// <summary>A further root certificate (PEM) to trust, or null.</summary>
    public string? CaCertPem { get; init; }
}

/// <summary>One entry of <c>keys[]</c>.</summary>
public sealed record KeyConfig
{
    public required string Name { get; init; }

    public string? Id { get; init; }

    public Secret Value { get; init; } = Secret.Empty;

    /// <summary>Share of the traffic among the provider's keys. Default 1.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>Null or <c>["*"]</c>: all models. Empty: none.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    public IReadOnlyList<string> BlacklistedModels { get; init; } = [];

    public bool Enabled { get; init; } = true;

    /// <summary>Model name as asked → model name as sent (<c>aliases</c>, or a provider's <c>deployments</c>).</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>The key's provider section as written (<c>replicate_key_config</c>), or null.</summary>
    public JsonElement? Extras { get; init; }
}
