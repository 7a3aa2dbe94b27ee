using System.Globalization;
using System.Text.Json.Nodes;
using Bifrost.Web.Api;

namespace Bifrost.Web.Models;

/// <summary>A price as it is typed.</summary>
public sealed class PriceDraft
{
    public string Name { get; set; } = "";
    public string Scope { get; set; } = "global";
    public string? Provider { get; set; }
    public string? ProviderKey { get; set; }
    public string? VirtualKey { get; set; }
    public string MatchType { get; set; } = "exact";
    public string Pattern { get; set; } = "";
    public HashSet<string> RequestTypes { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, string> Rates { get; } = RateWords.All.ToDictionary(r => r.Kind, _ => "");

    private static IEnumerable<string> Older => OwnPrice.Published.Keys.Append("patch").Append("pricing_patch");

    public bool HasProvider => Scope is "provider" or "virtual_key_provider";

    public bool HasProviderKey => Scope is "provider_key" or "virtual_key_provider_key";

    public bool HasVirtualKey => Scope.StartsWith("virtual_key", StringComparison.Ordinal);

    public static PriceDraft Of(OwnPrice price)
    {
        var draft = new PriceDraft
        {
            Name = price.Name ?? "",
            Scope = price.ScopeKind,
            Provider = price.ProviderId,
            ProviderKey = price.ProviderKeyId,
            VirtualKey = price.VirtualKeyId,
            MatchType = price.MatchType,
            Pattern = price.Pattern,
        };
        draft.RequestTypes.UnionWith(price.RequestTypes);
        foreach (var (kind, rate) in price.Rates)
        {
            draft.Rates[kind] = rate.ToString("0.############", CultureInfo.InvariantCulture);
        }

        return draft;
    }

    /// <summary>The prices, and those that are no numbers.</summary>
    public (JsonObject Rates, List<Mistake> Mistakes) Read()
    {
        var rates = new JsonObject();
        var mistakes = new List<Mistake>();
        foreach (var (kind, typed) in Rates.Where(r => r.Value.Trim().Length > 0))
        {
            var text = typed.Trim().TrimStart('$');
            if (
                decimal.TryParse(
                    text,
                    NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var number
                )
            )
            {
                rates[kind] = number;
            }
            else
            {
                mistakes.Add(new Mistake($"rates.{kind}", "is not a number. Write dollars, with a point: 0.15"));
            }
        }

        return (rates, mistakes);
    }

    /// <summary>What is sent; null takes away what an older one may have had.</summary>
    public JsonObject Json(JsonObject rates, bool isNew)
    {
        var body = new JsonObject
        {
            ["name"] = Given(Name),
            ["scope_kind"] = Scope,
            ["provider_id"] = HasProvider ? Given(Provider) : null,
            ["provider_key_id"] = HasProviderKey ? Given(ProviderKey) : null,
            ["virtual_key_id"] = HasVirtualKey ? Given(VirtualKey) : null,
            ["match_type"] = MatchType,
            ["pattern"] = Given(Pattern),
            ["request_types"] =
                RequestTypes.Count == 0
                    ? null
                    : new JsonArray([.. RequestTypes.Order(StringComparer.Ordinal).Select(t => JsonValue.Create(t))]),
            ["rates"] = rates.DeepClone(),
        };
        foreach (var older in Older)
        {
            body[older] = null;
        }

        if (isNew)
        {
            foreach (var none in body.Where(m => m.Value is null).Select(m => m.Key).ToList())
            {
                body.Remove(none);
            }
        }

        return body;
    }

    /// <summary>What an edit begins with: prices go as a whole, under one name, whatever older names they had.</summary>
    public JsonObject Begun()
    {
        var body = Json([], isNew: false);
        foreach (var whole in Older.Append("rates"))
        {
            body.Remove(whole);
        }

        return body;
    }

    /// <summary>Brings what is said of the whole to the field it is about.</summary>
    public static Problem? Placed(Problem? problem) =>
        problem is null ? null : problem with { Mistakes = [.. problem.Mistakes.Select(Placed)] };

    private static Mistake Placed(Mistake mistake)
    {
        var first = mistake.Message.Split(' ')[0].Trim('`');
        return mistake.Path switch
        {
            "rates" when RateWords.All.Any(r => r.Kind == first) => new Mistake($"rates.{first}", mistake.Message),
            "body" when mistake.Message.Contains("sets no price", StringComparison.Ordinal) => new Mistake(
                "rates",
                "Enter at least one price."
            ),
            "body" when first == "pattern" => new Mistake("pattern", "is missing. Write the model's name."),
            _ => mistake,
        };
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
