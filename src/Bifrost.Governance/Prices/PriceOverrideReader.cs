using System.Text.Json;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;

namespace Bifrost.Governance.Prices;

/// <summary>Checks an override as written. All mistakes are found at once; paths are relative to the document.</summary>
public sealed class PriceOverrideReader
{
    private static readonly (string Kind, bool Provider, bool Key, bool VirtualKey)[] Scopes =
    [
        ("global", false, false, false),
        ("provider", true, false, false),
        ("provider_key", false, true, false),
        ("virtual_key", false, false, true),
        ("virtual_key_provider", true, false, true),
        ("virtual_key_provider_key", true, true, true),
    ];

    // The last three are published; no operation of ours answers to them yet.
    private static readonly Dictionary<string, Operation[]> RequestTypes = new(StringComparer.Ordinal)
    {
        ["chat_completion"] = [Operation.Chat],
        ["text_completion"] = [Operation.Completion],
        ["responses"] = [Operation.Response],
        ["embedding"] = [Operation.Embedding],
        ["transcription"] = [Operation.Transcription, Operation.Translation],
        ["image_generation"] = [Operation.ImageGeneration],
        ["image_edit"] = [Operation.ImageEdit],
        ["video_generation"] = [Operation.VideoCreate],
        ["video_remix"] = [Operation.VideoRemix],
        ["image_variation"] = [],
        ["rerank"] = [],
        ["speech"] = [],
    };

    private readonly List<Mistake> _mistakes = [];

    private PriceOverrideReader() { }

    /// <summary>Null if there is any mistake.</summary>
    public static PriceOverride? Read(PriceOverrideDocument document, out IReadOnlyList<Mistake> mistakes)
    {
        var reader = new PriceOverrideReader();
        var read = reader.Read(document);
        mistakes = reader._mistakes;
        return mistakes.Count == 0 ? read : null;
    }

    private PriceOverride Read(PriceOverrideDocument document)
    {
        if (document.Id.Length == 0)
        {
            Add("id", "is missing; costs computed with this price are shown with it.");
        }

        CheckScope(document);
        return new PriceOverride
        {
            Id = document.Id,
            Provider = document.ProviderId,
            ProviderKey = document.ProviderKeyId,
            VirtualKey = document.VirtualKeyId,
            Model = ReadPattern(document),
            Operations = ReadOperations(document),
            Rates = ReadRates(document),
        };
    }

    private void CheckScope(PriceOverrideDocument document)
    {
        var at = Array.FindIndex(Scopes, scope => scope.Kind == document.ScopeKind);
        if (at < 0)
        {
            Add("scope_kind", $"must be one of {string.Join(", ", Scopes.Select(scope => scope.Kind))}.");
            return;
        }

        var wanted = Scopes[at];
        CheckId("provider_id", document.ProviderId, wanted.Provider, wanted.Kind);
        CheckId("provider_key_id", document.ProviderKeyId, wanted.Key, wanted.Kind);
        CheckId("virtual_key_id", document.VirtualKeyId, wanted.VirtualKey, wanted.Kind);
    }

    private void CheckId(string field, string? value, bool wanted, string scope)
    {
        if (wanted && string.IsNullOrEmpty(value))
        {
            Add(field, $"is needed for the scope {scope}.");
        }
        else if (!wanted && value is not null)
        {
            Add(field, $"has no place in the scope {scope}.");
        }
    }

    private ModelPattern ReadPattern(PriceOverrideDocument document)
    {
        var text = document.Pattern;
        var hasStar = text.Contains('*', StringComparison.Ordinal);
        var isExpression = text.Length > 2 && text[0] == '/' && text[^1] == '/';
        var complaint = document.MatchType switch
        {
            _ when text.Length == 0 => "is missing.",
            "exact" when hasStar || isExpression => "is to match exactly, and so must be a model's name.",
            "wildcard" when !text.EndsWith('*') || text.IndexOf('*', StringComparison.Ordinal) != text.Length - 1 =>
                "must end with its only star, for instance gpt-5-*.",
            "exact" or "wildcard" or "regex" => null,
            _ => "",
        };
        if (complaint is "")
        {
            Add("match_type", "must be exact, wildcard or regex.");
        }
        else if (complaint is not null)
        {
            Add("pattern", complaint);
        }

        var written = document.MatchType == "regex" && !isExpression ? $"/{text}/" : text;
        if (!ModelPattern.TryParse(written, out var pattern) && complaint is null)
        {
            Add("pattern", "is no expression that can be matched without backtracking.");
        }

        return pattern;
    }

    private HashSet<Operation>? ReadOperations(PriceOverrideDocument document)
    {
        var operations = new HashSet<Operation>();
        for (var i = 0; i < document.RequestTypes.Count; i++)
        {
            var word = document.RequestTypes[i];
            var plain = word.EndsWith("_stream", StringComparison.Ordinal) ? word[..^"_stream".Length] : word;
            if (RequestTypes.TryGetValue(plain, out var meant))
            {
                operations.UnionWith(meant);
            }
            else
            {
                Add($"request_types[{i}]", $"\"{word}\" is none of {string.Join(", ", RequestTypes.Keys)}.");
            }
        }

        return document.RequestTypes.Count == 0 ? null : operations;
    }

    private Dictionary<RateKind, Rate> ReadRates(PriceOverrideDocument document)
    {
        var rates = new Dictionary<RateKind, Rate>();
        var given = (document.Prices is null ? 0 : 1) + (document.Patch is null ? 0 : 1) + (document.PricingPatch is null ? 0 : 1);
        if (given != 1)
        {
            Add("prices", given == 0 ? "is missing." : "stands beside patch or pricing_patch; give the prices once.");
        }

        foreach (var (name, value) in document.Prices ?? new Dictionary<string, JsonElement>())
        {
            ReadPrice(rates, name, value);
        }

        var patch = new PublishedPatch(_mistakes);
        if (document.Patch is { } fields)
        {
            patch.Read("patch", fields, rates);
        }

        if (document.PricingPatch is { } text)
        {
            patch.ReadText("pricing_patch", text, rates);
        }

        if (rates.Count == 0 && given == 1 && _mistakes.Count == 0)
        {
            Add("prices", "sets no price.");
        }

        return rates;
    }

    private void ReadPrice(Dictionary<RateKind, Rate> rates, string name, JsonElement value)
    {
        if (!RateKinds.TryParse(name, out var kind))
        {
            var names = string.Join(", ", Enum.GetValues<RateKind>().Select(RateKinds.Name));
            Add($"prices.{name}", $"is no kind of price; there are {names}.");
        }
        else if (Amounts.TryRead(value, out var usd) && RateKinds.TryPrice(kind, usd, out var money))
        {
            rates[kind] = new Rate(money);
        }
        else
        {
            var (decimals, per) = RateKinds.IsTokens(kind) ? ("six", "million tokens") : ("twelve", "one");
            Add($"prices.{name}", $"must be dollars per {per}, zero or more, with at most {decimals} decimals.");
        }
    }

    private void Add(string path, string message) => _mistakes.Add(new Mistake(path, message));
}
