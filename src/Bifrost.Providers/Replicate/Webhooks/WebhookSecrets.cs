using System.Runtime.CompilerServices;
using System.Text.Json;
using Bifrost.Core.World;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>The secret that signs an account's webhooks: configured, or asked for once and remembered. Thread-safe.</summary>
internal sealed class WebhookSecrets(ReplicateRuntime runtime)
{
    /// <summary>A secret that does not fit may have been changed; it is asked for again, but not more often than this.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConditionalWeakTable<KeyModel, Known> _known = [];

    /// <param name="provider">Where the account is.</param>
    /// <param name="key">The account.</param>
    /// <param name="again">What was known does not fit.</param>
    /// <param name="cancel">When the sender leaves.</param>
    public async Task<Outcome<Secret>> OfAsync(ProviderModel provider, KeyModel key, bool again, CancellationToken cancel)
    {
        if (ReplicateKeyExtras.Of(key).WebhookSecret is { } configured)
        {
            return configured;
        }

        var known = _known.GetValue(key, _ => new Known());
        await known.Turn.WaitAsync(cancel);
        try
        {
            if (known.Secret is { } there && (!again || runtime.Clock.GetElapsedTime(known.Asked) < Pause))
            {
                return there;
            }

            if ((await AskAsync(runtime.ClientOf(provider, key), cancel)).Failed(out var fault, out var secret))
            {
                return fault;
            }

            (known.Secret, known.Asked) = (secret, runtime.Clock.GetTimestamp());
            return secret;
        }
        finally
        {
            known.Turn.Release();
        }
    }

    private static async Task<Outcome<Secret>> AskAsync(PredictionClient client, CancellationToken cancel)
    {
        var outcome = await client.SendAsync(HttpMethod.Get, "webhooks/default/secret", null, ReplicateCall.Describe, cancel);
        if (outcome.Failed(out var fault, out var answer) || answer.Json().Failed(out fault, out var json))
        {
            return fault;
        }

        return
            json.ValueKind == JsonValueKind.Object
            && json.TryGetProperty("key", out var key)
            && key.ValueKind == JsonValueKind.String
            && key.GetString() is { Length: > 0 } secret
            ? new Secret(secret)
            : new Fault(FaultKind.UpstreamInvalid, "Replicate gave no webhook secret.");
    }

    private sealed class Known
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public Secret? Secret { get; set; }

        public long Asked { get; set; }
    }
}
