using System.Text.Json.Nodes;
using Bifrost.Admin.Http;
using Bifrost.Configuration.Settings;
using Bifrost.Core.World;
using Bifrost.Governance.Prices;

namespace Bifrost.Admin.Models;

/// <summary>Models by name: what the configuration names and what has a list price at a configured provider.</summary>
internal sealed class ModelRoutes(GatewaySettings settings, Func<PriceCatalogue> catalogue)
{
    private const string Group = "Models";
    private const int Most = 1000;

    private static readonly Parameter[] Search =
    [
        new("query", "Part of the name, whatever its case, hyphens and underscores; else its letters in this order."),
        new("provider", "Only at this provider."),
        new("keys", "Only what one of these keys (ids, comma-separated) may use."),
        new("unfiltered", "true: also what no key may use.", Bodies.FieldKind.Flag),
    ];

    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/models", "Finds models at configured providers.", call => ListAsync(call, 5, View))
            {
                Group = Group,
                Query = [.. Search, new("limit", "Models at most: 5, up to 1000.", Bodies.FieldKind.Whole)],
                Answer = "`models`, each with `name`, `provider` and `accessible_by_keys`, and `total`.",
                Refusals = [400],
            },
            new(
                "GET",
                "/api/models/details",
                "Finds models, with what they can hold and what they cost.",
                call => ListAsync(call, 20, Details)
            )
            {
                Group = Group,
                Query = [.. Search, new("limit", "Models at most: 20, up to 1000.", Bodies.FieldKind.Whole)],
                Answer =
                    "As for models, and `context_length` in tokens, `pricing` in dollars per million tokens, picture, second or request, and where it "
                    + "comes from in `price_source` and `price_date`; null where it is not known. Your own prices are not in it: a preview tells them.",
                Refusals = [400],
            },
            new("GET", "/api/models/base", "Finds names of models, each once, whoever serves it.", BaseAsync)
            {
                Group = Group,
                Query = [new("query", "As for models."), new("limit", "Names at most: 20, up to 1000.", Bodies.FieldKind.Whole)],
                Answer = "`models` and `total`.",
                Refusals = [400],
            },
        ];

    private Task<Reply> ListAsync(Call call, int usual, Func<FoundModel, JsonObject> view)
    {
        var mistakes = new List<Mistake>();
        var limit = Math.Clamp(call.Whole("limit", mistakes) ?? usual, 1, Most);
        if (mistakes.Count > 0)
        {
            return Task.FromResult(Reply.Bad(mistakes));
        }

        var keys = call.Text("keys")?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var found = Everything()
            .Where(m => call.Text("provider") is not { } wanted || string.Equals(m.Provider, wanted, StringComparison.OrdinalIgnoreCase))
            .Where(m => keys is null || m.Keys.Any(k => keys.Contains(k, StringComparer.Ordinal)))
            .Where(m => m.Keys.Count > 0 || m.KeyLess || call.Flag("unfiltered"))
            .ToList();
        var matching = NameSearch.Of(call.Text("query"), found, m => m.Name);
        return Task.FromResult(
            Reply.Ok(new JsonObject { ["models"] = new JsonArray([.. matching.Take(limit).Select(view)]), ["total"] = matching.Count })
        );
    }

    private static JsonObject View(FoundModel model) =>
        new()
        {
            ["name"] = model.Name,
            ["provider"] = model.Provider,
            ["accessible_by_keys"] = new JsonArray([.. model.Keys.Select(k => JsonValue.Create(k))]),
        };

    private JsonObject Details(FoundModel model)
    {
        var price = catalogue().Find(model.Kind, model.Name);
        var view = View(model);
        view["context_length"] = price?.ContextWindow;
        view["pricing"] = price is null ? null : Rates(price.Rules[0]);
        view["price_source"] = price is null ? null : catalogue().Sources.GetValueOrDefault(price.Source, price.Source);
        view["price_date"] = price?.Date;
        return view;
    }

    private static JsonObject Rates(PriceRule rule) =>
        new(
            rule.Rates.Select(r =>
                KeyValuePair.Create(
                    RateKinds.Name(r.Key),
                    (JsonNode?)JsonValue.Create((decimal)r.Value.Base.Picos / (RateKinds.IsTokens(r.Key) ? 1_000_000m : 1_000_000_000_000m))
                )
            )
        );

    private Task<Reply> BaseAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        var limit = Math.Clamp(call.Whole("limit", mistakes) ?? 20, 1, Most);
        if (mistakes.Count > 0)
        {
            return Task.FromResult(Reply.Bad(mistakes));
        }

        var names = Everything()
            .Select(m => m.Name[(m.Name.LastIndexOf('/') + 1)..])
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Order(StringComparer.Ordinal)
            .ToList();
        var matching = NameSearch.Of(call.Text("query"), names, n => n);
        return Task.FromResult(
            Reply.Ok(
                new JsonObject
                {
                    ["models"] = new JsonArray([.. matching.Take(limit).Select(n => JsonValue.Create(n))]),
                    ["total"] = matching.Count,
                }
            )
        );
    }

    private List<FoundModel> Everything()
    {
        var found = new List<FoundModel>();
        foreach (var (name, provider) in settings.Config.Providers.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            var keys = provider.Keys.Where(k => k.Enabled).Select(k => (Id: k.Id ?? k.Name, Model: new KeyModel(k))).ToList();
            var named = keys.SelectMany(k => k.Model.Models ?? []).Concat(keys.SelectMany(k => k.Model.Aliases.Keys));
            var listed = catalogue()
                .Models.Where(m => string.Equals(m.Provider, provider.Kind, StringComparison.OrdinalIgnoreCase))
                .Select(m => m.Model);
            var models = named.Concat(listed).Where(m => m != "*").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
            found.AddRange(
                models.Select(m => new FoundModel(
                    name,
                    provider.Kind,
                    m,
                    provider.KeyLess,
                    [.. keys.Where(k => k.Model.Serves(m)).Select(k => k.Id)]
                ))
            );
        }

        return found;
    }

    private sealed record FoundModel(string Provider, string Kind, string Name, bool KeyLess, IReadOnlyList<string> Keys);
}
