using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Configuration.Governance;
using Bifrost.Governance.Registry;

namespace Bifrost.Configuration.Settings;

public sealed partial class GatewaySettings
{
    /// <summary>The id of a provider's key by its name, or null.</summary>
    public string? KeyIdOf(string provider, string keyName) =>
        _now.Providers.TryGetValue(provider, out var owner) ? owner.Keys.FirstOrDefault(k => k.Name == keyName)?.Id : null;

    /// <summary>Everything set, as a config.json that would set it again: references to the environment as they are, other secrets as
    /// <c>&lt;redacted&gt;</c>. Virtual keys have no value in it, for nobody knows them.</summary>
    /// <param name="governance">What governs callers, to be written too; or null.</param>
    public JsonObject Export(GovernanceSnapshot? governance)
    {
        var state = _now;
        var file = new JsonObject();
        if (state.ClientDocument.Count > 0)
        {
            file["client"] = state.ClientDocument.DeepClone();
        }

        if (state.AuthDocument.Count > 0)
        {
            file["auth_config"] = AuthDocument();
        }

        var providers = new JsonObject();
        foreach (var provider in state.Providers.Values)
        {
            providers[provider.Name] = SecretFields.Exported(provider.Whole(), PublishedShape.Provider);
        }

        file["providers"] = providers;
        var governed = governance is null ? [] : GovernanceWriter.Write(governance);
        if (state.Prices.Count > 0)
        {
            governed["pricing_overrides"] = new JsonArray([.. PriceOverrideList.Select(p => (JsonNode)p.Document)]);
        }

        if (governed.Count > 0)
        {
            file["governance"] = governed;
        }

        return file;
    }
}
