using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;

namespace Bifrost.Configuration.Settings;

public sealed partial class GatewaySettings
{
    private static readonly string[] Importable = ["client", "providers", "auth_config"];
    private static readonly string[] WithoutMeaning = ["$schema", "version"];

    /// <summary>Takes <c>client</c>, <c>providers</c> and <c>auth_config</c> of a config.json: all of it, or nothing when anything in it is mistaken. What the
    /// file does not mention stays; a provider's keys become those of the file. Whoever calls this ends the sessions when the account has changed.</summary>
    /// <param name="file">As it is on a disk, or as <see cref="Export"/> wrote it. Paths of mistakes are those in it.</param>
    /// <param name="cancel">Stops it before anything is changed.</param>
    public Task<EditOutcome> ImportAsync(JsonElement file, CancellationToken cancel) =>
        EditAsync(
            draft =>
            {
                if (Patch.Body(file, draft.Findings) is not { } parts)
                {
                    return null;
                }

                if (!Importable.Any(parts.ContainsKey))
                {
                    draft.Findings.Mistake("", $"There is nothing in this file that could be taken: {string.Join(", ", Importable)}.");
                }

                foreach (var (name, _) in parts.Where(p => !Importable.Contains(p.Key) && !WithoutMeaning.Contains(p.Key)))
                {
                    draft.Findings.Warning($"`{name}` is not taken: a gateway reads it from its own config.json at a start.");
                }

                if (parts.ContainsKey("client"))
                {
                    draft.Part("client", part => PatchClient(part, file.GetProperty("client")));
                }

                if (parts.ContainsKey("providers"))
                {
                    ImportProviders(draft, file.GetProperty("providers"));
                }

                if (parts.ContainsKey("auth_config"))
                {
                    draft.Part("auth_config", part => PatchAuth(part, file.GetProperty("auth_config")));
                }

                return null;
            },
            cancel
        );

    private void ImportProviders(Draft draft, JsonElement providers)
    {
        if (providers.ValueKind != JsonValueKind.Object)
        {
            draft.Findings.Mistake("providers", "is not an object. Write one with a name before each provider.");
            return;
        }

        foreach (var provider in providers.EnumerateObject())
        {
            draft.Part(
                JsonPath.Member("providers", provider.Name),
                part =>
                {
                    var known = part.Next.Providers.GetValueOrDefault(provider.Name);
                    Write(part, known ?? new ProviderDocument(provider.Name, [], [], Origin.Api), provider.Value);
                    if (part.Next.Providers.TryGetValue(provider.Name, out var taken))
                    {
                        TellMissingSecrets(taken.Whole(), "", part.Findings);
                    }
                }
            );
        }
    }

    // What stands for a secret and is not replaced by one stands for one that nobody here has.
    private static void TellMissingSecrets(JsonNode? node, string path, Findings findings)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    TellMissingSecrets(value, JsonPath.Member(path, name), findings);
                }

                break;
            case JsonArray items:
                for (var index = 0; index < items.Count; index++)
                {
                    TellMissingSecrets(items[index], JsonPath.Item(path, index), findings);
                }

                break;
            case JsonValue value when value.TryGetValue<string>(out var text) && text == SecretFields.Redacted:
                findings.Mistake(path, "is a secret that is not in the file, and this gateway does not have it. Write it, or env.NAME.");
                break;
        }
    }
}
