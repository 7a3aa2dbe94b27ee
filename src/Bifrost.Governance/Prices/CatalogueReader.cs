using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Bifrost.Governance.Prices;

/// <summary>
/// Reads the catalogue file. It is written by our own tool and checked by our own tests, so a mistake in it is a bug and throws
/// <see cref="InvalidDataException"/>.
/// </summary>
internal static class CatalogueReader
{
    // The source that is ourselves, guessing.
    private const string Assumption = "assumed-hardware";

    public static PriceCatalogue Read(byte[] file)
    {
        using var document = JsonDocument.Parse(file);
        var root = document.RootElement;
        var hash = Convert.ToHexStringLower(SHA256.HashData(file))[..12];
        var version = $"{Text(root, "date")}/{hash}";

        var batch = new Dictionary<string, int>();
        var alternatives = ReadProviders(root.GetProperty("providers"), batch);
        var hardware = ReadHardware(root.GetProperty("hardware"), version);

        var models = new List<ModelPrice>();
        var byProvider = new Dictionary<string, List<(ModelPattern, ModelPrice)>>();
        foreach (var entry in root.GetProperty("models").EnumerateArray())
        {
            var price = ReadModel(entry, version, hardware);
            price = price with { BatchPercent = batch.GetValueOrDefault(price.Provider, 100) };
            models.Add(price);
            if (!byProvider.TryGetValue(price.Provider, out var patterns))
            {
                byProvider.Add(price.Provider, patterns = []);
            }

            patterns.AddRange(entry.GetProperty("match").EnumerateArray().Select(text => (ModelPattern.Own(text.GetString()!), price)));
        }

        return new PriceCatalogue(
            version,
            root.GetProperty("sources").EnumerateObject().ToDictionary(source => source.Name, source => source.Value.GetString()!),
            models,
            byProvider.ToDictionary(provider => provider.Key, provider => new ProviderPrices(provider.Value)),
            alternatives,
            hardware
        );
    }

    /// <summary>Under each of a provider's names: its own prices first, then those of the makers whose models it resells.</summary>
    private static Dictionary<string, string[]> ReadProviders(JsonElement providers, Dictionary<string, int> batch)
    {
        var names = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var provider in providers.EnumerateObject())
        {
            string[] order = [provider.Name, .. Texts(provider.Value, "resells")];
            foreach (var name in Texts(provider.Value, "aliases").Prepend(provider.Name))
            {
                if (!names.TryAdd(name, order))
                {
                    throw new InvalidDataException($"Two providers are called {name}.");
                }
            }

            if (provider.Value.TryGetProperty("batch", out var discount))
            {
                batch.Add(provider.Name, discount.GetProperty("percent").GetInt32());
            }
        }

        return names;
    }

    private static Dictionary<string, ModelPrice> ReadHardware(JsonElement list, string version)
    {
        var hardware = new Dictionary<string, ModelPrice>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in list.EnumerateArray())
        {
            var sku = Text(entry, "sku");
            var rate = KeyValuePair.Create(RateKind.ComputeSecond, ReadRate(RateKind.ComputeSecond, entry.GetProperty("compute_second")));
            var price = new ModelPrice
            {
                Provider = "replicate",
                Model = sku,
                Hardware = sku,
                Rules = [new PriceRule(PriceCondition.Always, [rate])],
                Source = Text(entry, "source"),
                Date = Text(entry, "date"),
                Version = version,
            };
            foreach (var name in Texts(entry, "aliases").Prepend(sku))
            {
                hardware.Add(name, price);
            }
        }

        return hardware;
    }

    private static ModelPrice ReadModel(JsonElement entry, string version, Dictionary<string, ModelPrice> hardware)
    {
        var model = Text(entry, "model");
        var sku = entry.TryGetProperty("hardware", out var named) ? named.GetString() : null;
        IReadOnlyList<PriceRule> rules = sku is null
            ? [.. entry.GetProperty("prices").EnumerateArray().Select(ReadRule)]
            : (hardware.GetValueOrDefault(sku) ?? throw new InvalidDataException($"{model} runs on {sku}, which has no price.")).Rules;
        if (rules.Count == 0 || !rules[0].Condition.IsAlways)
        {
            throw new InvalidDataException($"{model} has no price that always holds.");
        }

        return new ModelPrice
        {
            Provider = Text(entry, "provider"),
            Model = model,
            Rules = rules,
            Source = Text(entry, "source"),
            Date = Text(entry, "date"),
            Version = version,
            Hardware = sku,
            Assumed = Text(entry, "source") == Assumption,
            ContextWindow = Count(entry, "context_window"),
        };
    }

    private static PriceRule ReadRule(JsonElement rule)
    {
        var condition = PriceCondition.Always;
        var rates = new List<KeyValuePair<RateKind, Rate>>();
        foreach (var member in rule.EnumerateObject())
        {
            if (member.NameEquals("when"))
            {
                condition = ReadCondition(member.Value);
            }
            else if (RateKinds.TryParse(member.Name, out var kind))
            {
                rates.Add(KeyValuePair.Create(kind, ReadRate(kind, member.Value)));
            }
            else
            {
                throw new InvalidDataException($"{member.Name} is no kind of price.");
            }
        }

        return new PriceRule(condition, rates);
    }

    private static PriceCondition ReadCondition(JsonElement when)
    {
        var condition = PriceCondition.Always;
        var qualifiers = new Dictionary<string, string>();
        foreach (var member in when.EnumerateObject())
        {
            switch (member.Name)
            {
                case "from":
                    condition = condition with
                    {
                        From = DateOnly.ParseExact(member.Value.GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture),
                    };
                    break;
                case "daily":
                    condition = condition with { Daily = (Time(member.Value[0]), Time(member.Value[1])) };
                    break;
                default:
                    qualifiers.Add(member.Name, member.Value.GetString()!);
                    break;
            }
        }

        return condition with
        {
            Qualifiers = qualifiers,
        };
    }

    private static Rate ReadRate(RateKind kind, JsonElement value) =>
        value.ValueKind == JsonValueKind.Number
            ? new Rate(ReadMoney(kind, value))
            : new Rate(
                ReadMoney(kind, value.GetProperty("base")),
                [
                    .. value
                        .GetProperty("above")
                        .EnumerateObject()
                        .Select(tier => new RateTier(long.Parse(tier.Name, CultureInfo.InvariantCulture), ReadMoney(kind, tier.Value)))
                        .OrderBy(tier => tier.Above),
                ]
            );

    private static Money ReadMoney(RateKind kind, JsonElement value) =>
        RateKinds.TryPrice(kind, value.GetDecimal(), out var money)
            ? money
            : throw new InvalidDataException($"{value.GetRawText()} is no price: negative, or with too many decimals.");

    private static TimeOnly Time(JsonElement value) => TimeOnly.ParseExact(value.GetString()!, "HH:mm", CultureInfo.InvariantCulture);

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() is { Length: > 0 } text ? text : throw new InvalidDataException($"{name} is empty.");

    private static long? Count(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetInt64() : null;

    private static IEnumerable<string> Texts(JsonElement element, string name) =>
        element.TryGetProperty(name, out var list) ? list.EnumerateArray().Select(item => item.GetString()!) : [];
}
