using System.Text.Json;
using Bifrost.Core.Contracts;
using Bifrost.Governance.Prices;

namespace Bifrost.Configuration;

/// <summary>Reads prices that the operator sets, scoped ones and those of a provider.</summary>
internal static class PriceOverrideReader
{
    /// <summary>Null, with mistakes told, when it cannot be used.</summary>
    public static PriceOverride? Scoped(SectionReading section, string id, SectionWalker walker)
    {
        var findings = walker.Findings;
        var scope = section.Text("scope_kind");
        var provider = Part(section, "provider_id", scope is "provider" or "virtual_key_provider", scope, findings);
        var key = Part(section, "provider_key_id", scope is "provider_key" or "virtual_key_provider_key", scope, findings);
        var virtualKey = Part(
            section,
            "virtual_key_id",
            scope?.StartsWith("virtual_key", StringComparison.Ordinal) == true,
            scope,
            findings
        );
        var rates = Rates(section, walker);
        var model = Pattern(section, "pattern", findings);
        return rates is null || model is null || scope is null
            ? null
            : new PriceOverride
            {
                Id = id,
                Provider = provider,
                ProviderKey = key,
                VirtualKey = virtualKey,
                Operations = Operations(section),
                Model = model,
                Rates = rates,
            };
    }

    /// <summary>One of a provider's <c>pricing_overrides</c>.</summary>
    public static PriceOverride? OfProvider(SectionReading section, string provider, int index, SectionWalker walker) =>
        (Rates(section, walker), Pattern(section, "model_pattern", walker.Findings)) is ({ } rates, { } model)
            ? new PriceOverride
            {
                Id = $"{provider}-{index}",
                Provider = provider,
                Operations = Operations(section),
                Model = model,
                Rates = rates,
            }
            : null;

    /// <summary>None written: all of them.</summary>
    private static HashSet<Operation>? Operations(SectionReading section) =>
        section.Texts("request_types") is { Count: > 0 } words ? [.. words.SelectMany(word => PriceRequestTypes.Find(word) ?? [])] : null;

    private static string? Part(SectionReading section, string name, bool belongs, string? scope, Findings findings)
    {
        if (scope is null)
        {
            return null;
        }

        if (belongs && !section.Has(name))
        {
            findings.Mistake(section.PathOf(name), $"is missing: the scope is `{scope}`.");
        }
        else if (!belongs && section.Has(name))
        {
            findings.Mistake(section.PathOf(name), $"does not belong here: the scope is `{scope}`. Take it away, or write another scope.");
        }

        return section.Text(name);
    }

    private static ModelPattern? Pattern(SectionReading section, string name, Findings findings)
    {
        if (section.Text(name) is not { } text)
        {
            return null;
        }

        var type = section.Text("match_type") ?? "exact";
        var right = type switch
        {
            "exact" => !text.Contains('*', StringComparison.Ordinal),
            "wildcard" => text.EndsWith('*'),
            _ => true,
        };
        if (right && ModelPattern.TryParse(type == "regex" ? $"/{text}/" : text, out var pattern))
        {
            return pattern;
        }

        findings.Mistake(
            section.PathOf(name),
            type switch
            {
                "exact" => $"{JsonPath.Quoted(text)} is not a model's name. For stars, write \"match_type\": \"wildcard\".",
                "wildcard" => $"{JsonPath.Quoted(text)} is no pattern. Write a beginning and a star: gpt-5*.",
                _ =>
                    $"{JsonPath.Quoted(text)} is no regular expression that can be used: one that is right, without look-around and back references.",
            }
        );
        return null;
    }

    private static IReadOnlyDictionary<RateKind, Rate>? Rates(SectionReading section, SectionWalker walker)
    {
        var entered = new Dictionary<string, decimal>(
            section.AmountMap("rates") ?? new Dictionary<string, decimal>(),
            StringComparer.Ordinal
        );
        Add(entered, section, section);
        if (section.Section("patch") is { } patch)
        {
            Add(entered, section, patch);
        }

        if (section.Text("pricing_patch") is { } text)
        {
            // As the published file has it: an object within a string.
            using var inner = Parsed(text);
            if (inner is null)
            {
                walker.Findings.Mistake(
                    section.PathOf("pricing_patch"),
                    "is not a JSON object in a string. Write an object under `patch` instead."
                );
                return null;
            }

            Add(entered, section, walker.Walk(inner.RootElement, PriceShape.PatchPrices, section.PathOf("pricing_patch")));
        }

        if (entered.Count == 0)
        {
            walker.Findings.Mistake(section.Path, "sets no price. Write at least one under `rates`.");
            return null;
        }

        var rates = PriceOverride.ReadRates(entered, out var mistakes);
        foreach (var mistake in mistakes)
        {
            walker.Findings.Mistake(section.PathOf("rates"), mistake);
        }

        return rates;
    }

    // A published field that is zero says nothing; our own `rates` say that it is free.
    private static void Add(Dictionary<string, decimal> entered, SectionReading owner, SectionReading prices)
    {
        foreach (var (name, (kind, times)) in PriceShape.Published)
        {
            if (prices.Amount(name) is { } price && (price != 0 || ReferenceEquals(owner, prices)))
            {
                entered[kind] = price * times;
            }
        }
    }

    private static JsonDocument? Parsed(string text)
    {
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
