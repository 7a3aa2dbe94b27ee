using System.Buffers;
using System.Text.Json;

namespace Bifrost.Configuration;

/// <summary>Reads a key's <c>replicate_key_config</c>.</summary>
internal static class ReplicateKeyReader
{
    private const string Prefix = "deployments/";

    /// <summary>A deployment's name as people write it, without the prefix that tells it from a model's.</summary>
    public static string WithoutPrefix(string deployment) =>
        deployment.StartsWith(Prefix, StringComparison.Ordinal) ? deployment[Prefix.Length..] : deployment;

    /// <summary>Deployments are aliases of models whose names begin with <c>deployments/</c>.</summary>
    public static void AddDeployments(SectionReading section, Dictionary<string, string> aliases, Findings findings)
    {
        foreach (var (alias, deployment) in section.TextMap("deployments") ?? new Dictionary<string, string>())
        {
            if (!aliases.TryAdd(alias, Prefix + WithoutPrefix(deployment)))
            {
                findings.Mistake(
                    JsonPath.Member(section.PathOf("deployments"), alias),
                    "is an alias of this key too. Keep it either here or in `aliases`."
                );
            }
        }
    }

    /// <summary>The section as the provider reads it, with references to the environment resolved.</summary>
    public static JsonElement Extras(SectionReading section)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var name in (string[])["account", "files_signing_secret", "webhook_secret"])
            {
                if (section.Text(name) is { } text)
                {
                    writer.WriteString(name, text);
                }
            }

            WriteMap(writer, "deployments", section.TextMap("deployments"));
            WriteMap(writer, "hardware", section.TextMap("hardware"));
            WriteMap(writer, "secrets", section.TextMap("secrets"));
            writer.WriteEndObject();
        }

        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void WriteMap(Utf8JsonWriter writer, string name, IReadOnlyDictionary<string, string>? map)
    {
        if (map is null)
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }
}
