using System.Text.Json.Nodes;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;

namespace Bifrost.Configuration;

/// <summary>Takes from the environment what no file says: a provider's key and address from the variables it names, and this gateway's
/// own address from <c>BIFROST_PUBLIC_URL</c>. One variable is enough to start.</summary>
public sealed class ZeroConfig(Findings findings, Func<string, string?> environment)
{
    public const string PublicUrlVariable = "BIFROST_PUBLIC_URL";
    public const string EncryptionKeyVariable = "BIFROST_ENCRYPTION_KEY";

    /// <summary>The configuration when there is no config.json.</summary>
    public static ConfigReading Read(Func<string, string?> environment, IReadOnlyList<Provider> kinds)
    {
        var findings = new Findings();
        var variables = new ZeroConfig(findings, environment);
        var providers = new Dictionary<string, ProviderConfig>(StringComparer.OrdinalIgnoreCase);
        variables.AddProviders(providers, kinds);
        var traces = new OtelVariables(findings, environment).Read();
        return findings.Reading(new GatewayConfig { Client = variables.Complete(new ClientConfig()), Providers = providers }) with
        {
            EncryptionKey = variables.EncryptionKey,
            Traces = traces,
        };
    }

    /// <summary>From <c>BIFROST_ENCRYPTION_KEY</c>; empty when it is not set.</summary>
    public Secret EncryptionKey => environment(EncryptionKeyVariable)?.Trim() is { Length: > 0 } key ? new Secret(key) : Secret.Empty;

    /// <summary>A provider that the environment alone configures, as config.json would say it.</summary>
    internal static JsonObject Written(Provider kind, ProviderConfig config)
    {
        var written = new JsonObject
        {
            ["keys"] = new JsonArray([
                .. config.Keys.Select(k => (JsonNode)new JsonObject { ["name"] = k.Name, ["value"] = $"env.{k.Name}" }),
            ]),
        };
        if (config.Network.BaseUrl is not null)
        {
            written["network_config"] = new JsonObject { ["base_url"] = $"env.{kind.BaseUrlVariable}" };
        }

        return written;
    }

    /// <summary>Adds each of <paramref name="kinds"/> that has a variable set.</summary>
    public void AddProviders(Dictionary<string, ProviderConfig> providers, IEnumerable<Provider> kinds)
    {
        foreach (var kind in kinds)
        {
            var key = KeyOf(kind);
            var address = AddressOf(kind);
            if (key is null && address is null)
            {
                continue;
            }

            providers[kind.Id] = new ProviderConfig
            {
                Kind = kind.Id,
                Keys = key is null ? [] : [key],
                Network = new NetworkConfig { BaseUrl = address },
            };
        }
    }

    /// <summary>The client section with what the environment adds to it. The file goes before the environment.</summary>
    public ClientConfig Complete(ClientConfig client) =>
        client.PublicUrl is null && Value(PublicUrlVariable, TextRules.HttpsAddress) is { } url
            ? client with
            {
                PublicUrl = new Uri(url),
            }
            : client;

    private KeyConfig? KeyOf(Provider kind)
    {
        var name = kind.TokenVariables.FirstOrDefault(v => !string.IsNullOrWhiteSpace(environment(v)));
        if (name is null || Value(name, TextRules.Credential, secret: true) is not { } value)
        {
            return null;
        }

        findings.Note($"The key of `{kind.Id}` comes from the environment variable {name}.");
        return new KeyConfig { Name = name, Value = new Secret(value) };
    }

    private Uri? AddressOf(Provider kind)
    {
        if (kind.BaseUrlVariable is not { } name || Value(name, TextRules.HttpAddress) is not { } text)
        {
            return null;
        }

        var address = new Uri(text);
        if (kind.DoubtAbout(kind.BaseOf(address)) is { } doubt)
        {
            findings.Warning($"{name}: {doubt}");
        }

        return address;
    }

    private string? Value(string name, Func<string, string?> rule, bool secret = false)
    {
        var text = environment(name)?.Trim();
        if (string.IsNullOrEmpty(text) || rule(text) is not { } wrong)
        {
            return string.IsNullOrEmpty(text) ? null : text;
        }

        findings.Mistake(
            name,
            secret || text.AsSpan().ContainsAny('@', '?') ? $"the value (not shown) {wrong}" : $"{JsonPath.Quoted(text)} {wrong}"
        );
        return null;
    }
}
