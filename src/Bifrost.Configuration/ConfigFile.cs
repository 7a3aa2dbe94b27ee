using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Configuration.Governance;
using Bifrost.Configuration.Settings;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;

namespace Bifrost.Configuration;

/// <summary>Reads config.json in its published shape. The whole file is checked; every mistake is told at once.</summary>
public static class ConfigFile
{
    public const string Name = "config.json";

    /// <param name="json">The file's bytes, UTF-8.</param>
    /// <param name="environment">The process's environment variables: for <c>env.NAME</c>, and for providers the file does not mention.</param>
    /// <param name="kinds">The kinds of provider that are served.</param>
    /// <param name="notServed">Published names of providers that are not.</param>
    public static ConfigReading Read(
        ReadOnlyMemory<byte> json,
        Func<string, string?> environment,
        IReadOnlyList<Provider> kinds,
        IReadOnlyList<string> notServed
    )
    {
        var findings = new Findings();
        using var written = JsonFile.Open(json, findings);
        if (written is null)
        {
            return findings.Reading(new GatewayConfig());
        }

        using var document = OlderVersion.Modernised(written);
        var walker = new SectionWalker(findings, environment);
        var root = walker.Walk(document.RootElement, PublishedShape.Root, "");
        var client = ClientReader.Read(root.Section("client"), findings);
        var served = new List<KeyValuePair<string, JsonObject>>();
        var providers = new Dictionary<string, ProviderConfig>(StringComparer.OrdinalIgnoreCase);
        var mentioned = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        if (
            document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("providers", out var section)
            && section.ValueKind != JsonValueKind.Null
            && walker.Is(JsonValueKind.Object, section, "providers", "an object with one entry for each provider")
        )
        {
            var reader = new ProviderReader(walker, kinds, notServed);
            foreach (var (name, element) in walker.Members(section, "providers").Where(m => m.Value.ValueKind != JsonValueKind.Null))
            {
                var path = JsonPath.Member("providers", name);
                if (!mentioned.Add(name))
                {
                    findings.Mistake(path, "is written twice, with capital and small letters. Keep one of the two.");
                }
                else if (reader.Read(name, element, path) is { } provider)
                {
                    providers[name] = provider;
                    served.Add(KeyValuePair.Create(name, Kept(element)));
                }
            }
        }

        var variables = new ZeroConfig(findings, environment);
        variables.AddProviders(providers, kinds.Where(k => !mentioned.Contains(k.Id)));
        var auth = root.Section("auth_config") ?? root.Section("governance")?.Section("auth_config");
        AuthReader.Check(auth, findings);
        var governance = root.Section("governance") is { } governed
            ? new GovernanceReader(
                governed,
                findings,
                n => mentioned.Contains(n) || kinds.Any(k => k.Id == n) || notServed.Contains(n)
            ).Read()
            : GovernanceFile.Empty;
        var prices = PricesIn(root.Section("governance"), walker);
        var traces = PluginReader.Traces(root.Sections("plugins"), walker, new OtelVariables(findings, environment));
        return findings.Reading(new GatewayConfig { Client = variables.Complete(client), Providers = providers }) with
        {
            Store = StoreReader.Read(root.Section("config_store"), findings),
            LogStore = root.Section("logs_store") is { } logs ? StoreReader.Read(logs, findings, "logs.db") : null,
            EncryptionKey = root.Text("encryption_key") is { } key ? new Secret(key) : variables.EncryptionKey,
            Governance = governance,
            Traces = traces,
            File = new FileSections(
                root.Section("client") is { } own ? Kept(own.Element) : null,
                served,
                auth is null ? null : Kept(auth.Element),
                prices
            ),
        };
    }

    private static List<JsonObject> PricesIn(SectionReading? governance, SectionWalker walker)
    {
        var prices = new List<JsonObject>();
        foreach (var section in governance?.Sections("pricing_overrides") ?? [])
        {
            if (PriceOverrideReader.Scoped(section, "", walker) is not null)
            {
                prices.Add(Kept(section.Element));
            }
        }

        return prices;
    }

    // A file with mistakes is not used, so what became of its names written twice does not matter.
    private static JsonObject Kept(JsonElement element)
    {
        try
        {
            return JsonText.ToObject(element) ?? [];
        }
        catch (ArgumentException)
        {
            return [];
        }
    }
}
