using Bifrost.Core.Contracts;
using Bifrost.Core.World;

namespace Bifrost.Configuration;

/// <summary>Reads a provider's <c>keys</c>.</summary>
internal static class KeyReader
{
    private const string All = "*";

    public static IReadOnlyList<KeyConfig> ReadAll(IReadOnlyList<SectionReading> sections, Provider kind, bool keyLess, Findings findings)
    {
        var keys = new List<KeyConfig>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in sections)
        {
            var key = Read(section, kind, keyLess, findings);
            if (section.Text("name") is { } name && !names.Add(name))
            {
                findings.Mistake(
                    section.PathOf("name"),
                    $"{JsonPath.Quoted(name)} is the name of another key too. Give each key a name of its own."
                );
            }

            if (key.Id is { } id && !ids.Add(id))
            {
                findings.Mistake(
                    section.PathOf("id"),
                    $"{JsonPath.Quoted(id)} is the id of another key too. Give each key an id of its own."
                );
            }

            keys.Add(key);
        }

        return keys;
    }

    private static KeyConfig Read(SectionReading section, Provider kind, bool keyLess, Findings findings)
    {
        var enabled = section.Flag("enabled") ?? true;
        var value = section.Text("value") ?? "";
        if (enabled && !keyLess && (value.Length == 0 && (!section.Has("value") || section.Text("value") is not null)))
        {
            var variable = kind.TokenVariables.Count > 0 ? kind.TokenVariables[0] : "NAME";
            findings.Mistake(section.PathOf("value"), $"is missing. Write the key, or \"env.{variable}\" to take it from the environment.");
        }

        CheckModels(section, findings);
        var aliases = new Dictionary<string, string>(
            section.TextMap("aliases") ?? new Dictionary<string, string>(),
            StringComparer.Ordinal
        );
        var extras = section.Section("replicate_key_config");
        if (extras is not null && kind.Id != "replicate")
        {
            findings.Warning($"`{extras.Path}` means nothing to `{kind.Id}` and is ignored.");
            extras = null;
        }

        if (extras is not null)
        {
            ReplicateKeyReader.AddDeployments(extras, aliases, findings);
        }

        return new KeyConfig
        {
            Name = section.Text("name") ?? "",
            Id = section.Text("id"),
            Value = value.Length == 0 ? Secret.Empty : new Secret(value),
            Weight = section.Number("weight") ?? 1,
            Models = section.Texts("models"),
            BlacklistedModels = section.Texts("blacklisted_models") ?? [],
            Enabled = enabled,
            Aliases = aliases,
            Extras = extras is null ? null : ReplicateKeyReader.Extras(extras),
        };
    }

    private static void CheckModels(SectionReading section, Findings findings)
    {
        if (section.Texts("models") is { } models)
        {
            if (models.Count == 0)
            {
                findings.Warning($"`{section.PathOf("models")}` is empty: this key serves no model. Write [\"*\"] for all of them.");
            }
            else if (models.Count > 1 && models.Contains(All))
            {
                findings.Mistake(section.PathOf("models"), "has \"*\" beside names. Write [\"*\"] for all models, or the names alone.");
            }
        }

        if (section.Texts("blacklisted_models")?.Contains(All) == true)
        {
            findings.Mistake(
                section.PathOf("blacklisted_models"),
                "has \"*\" in it. To switch the whole key off, write \"enabled\": false."
            );
        }
    }
}
