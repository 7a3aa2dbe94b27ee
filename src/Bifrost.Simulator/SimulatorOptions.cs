using System.Collections.Frozen;

namespace Bifrost.Simulator;

/// <summary>How a <see cref="ReplicateSimulator"/> behaves. The defaults suit tests: instant, forgiving about tokens, on a free port.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Port on 127.0.0.1; 0 lets the system choose one.</summary>
    public int Port { get; init; }

    /// <summary>Clock behind every timestamp and every wait. Default: the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// Factor on every lifelike wait (cold starts, tokens, rendering): 1 is the demo's pace, 0.5 twice as fast, 0 (the default) no waiting at all.
    /// Waits asked for by a script are never scaled.
    /// </summary>
    public double Speed { get; init; }

    /// <summary>The one accepted token. Null, the default, accepts any non-empty bearer token. Tokens in <see cref="Accounts"/> are accepted too.</summary>
    public string? Token { get; init; }

    /// <summary>Token to account name. Predictions and files of one account do not exist (404) for another.</summary>
    public IReadOnlyDictionary<string, string> Accounts { get; init; } = FrozenDictionary<string, string>.Empty;

    /// <summary>Account of every accepted token that <see cref="Accounts"/> does not name.</summary>
    public string AccountName { get; init; } = "simulated";

    /// <summary>Secret behind the signatures of <c>/files/{id}/download</c>.</summary>
    public string FilesSigningSecret { get; init; } = "simulated-files-signing-secret";

    /// <summary>Key answered by <c>/webhooks/default/secret</c> and used to sign deliveries; <c>whsec_</c> and base64.</summary>
    public string WebhookSecret { get; init; } = "whsec_c2ltdWxhdGVkLXdlYmhvb2stc2VjcmV0IQ==";

    /// <summary>Whether 600 creates and 3,000 other calls a minute are really enforced with 429. The headers are sent either way.</summary>
    public bool RealisticRateLimits { get; init; }

    /// <summary>
    /// Whether a blocking create that finished in time answers <c>processing</c> with the whole output and no metrics, as recorded in 2024.
    /// Default: the terminal object.
    /// </summary>
    public bool SyncAnswersBeforeSettling { get; init; }

    /// <summary>Largest accepted upload in bytes; above it 413. Default 100 MB, Replicate's own limit.</summary>
    public long MaxFileBytes { get; init; } = 100_000_000;

    /// <summary>How long an idle stream lives before the <c>:408:</c> comment ends it; scaled by <see cref="Speed"/> unless that is 0.</summary>
    public TimeSpan StreamIdleLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many requests are remembered; older ones are dropped. At least 1.</summary>
    public int KeptRequests { get; init; } = 20_000;

    /// <summary>How many finished predictions are remembered; older ones are dropped. At least 1.</summary>
    public int KeptPredictions { get; init; } = 20_000;

    /// <summary>How long input and output of a finished prediction stay readable. Default one hour, as for predictions made through the API.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(1);
}
