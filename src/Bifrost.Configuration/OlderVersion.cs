using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Configuration;

/// <summary>Reads a file that says <c>"version": 1</c>, where an empty list of models or keys allowed means all of them, as it is meant: such lists
/// are taken out, for what is absent is not restricted. A weight that is left out means one there.</summary>
internal static class OlderVersion
{
    public static JsonDocument Modernised(JsonDocument document)
    {
        var root = document.RootElement;
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("version", out var version)
            || version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out var number)
            || number != 1
            || Documents.Patch.HasNameTwice(root)
        )
        {
            return JsonDocument.Parse(root.GetRawText());
        }

        var file = JsonNode.Parse(root.GetRawText())!.AsObject();
        foreach (var provider in (file["providers"] as JsonObject)?.Select(p => p.Value) ?? [])
        {
            foreach (var key in Items(provider, "keys"))
            {
                Drop(key, "models");
            }
        }

        foreach (var virtualKey in Items(file["governance"], "virtual_keys"))
        {
            foreach (var provider in Items(virtualKey, "provider_configs"))
            {
                Drop(provider, "allowed_models");
                Drop(provider, "key_ids");
                Drop(provider, "allowed_keys");
                if (provider is JsonObject access && access["weight"] is null)
                {
                    access["weight"] = 1;
                }
            }

            Drop(virtualKey, "provider_configs");
        }

        return JsonDocument.Parse(file.ToJsonString());
    }

    private static JsonArray Items(JsonNode? owner, string name) =>
        owner is JsonObject members && members[name] is JsonArray items ? items : [];

    private static void Drop(JsonNode? owner, string name)
    {
        if (owner is JsonObject members && members[name] is JsonArray { Count: 0 })
        {
            members.Remove(name);
        }
    }
}
