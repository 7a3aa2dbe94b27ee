using System.Runtime.CompilerServices;
using System.Text.Json;
using Bifrost.Core.World;

namespace Bifrost.Providers.Replicate;

/// <summary>A key's <c>replicate_key_config</c> beyond its aliases. Read once for each key.</summary>
internal sealed class ReplicateKeyExtras
{
    private static readonly ConditionalWeakTable<KeyModel, ReplicateKeyExtras> ByKey = [];

    private ReplicateKeyExtras(JsonElement? extras)
    {
        var secrets = new Dictionary<string, string>(StringComparer.Ordinal);
        if (extras is { ValueKind: JsonValueKind.Object } section)
        {
            Account = Text(section, "account");
            FilesSigningSecret = Text(section, "files_signing_secret") is { Length: > 0 } secret ? new Secret(secret) : null;
            WebhookSecret = Text(section, "webhook_secret") is { Length: > 0 } signing ? new Secret(signing) : null;
            if (section.TryGetProperty("secrets", out var named) && named.ValueKind == JsonValueKind.Object)
            {
                foreach (var one in named.EnumerateObject())
                {
                    if (one.Value.ValueKind == JsonValueKind.String)
                    {
                        secrets[one.Name] = one.Value.GetString()!;
                    }
                }
            }
        }

        Secrets = secrets;
    }

    /// <summary>The account's user name, which signed file downloads need, or null.</summary>
    public string? Account { get; }

    /// <summary>Signs file downloads, or null.</summary>
    public Secret? FilesSigningSecret { get; }

    /// <summary>Signs webhooks (<c>whsec_…</c>); null: asked for at Replicate.</summary>
    public Secret? WebhookSecret { get; }

    /// <summary>Values of secret inputs by name (<c>openai_api_key</c>). Never shown.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; }

    public static ReplicateKeyExtras Of(KeyModel key) => ByKey.GetValue(key, static k => new ReplicateKeyExtras(k.Extras));

    private static string? Text(JsonElement section, string name) =>
        section.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
