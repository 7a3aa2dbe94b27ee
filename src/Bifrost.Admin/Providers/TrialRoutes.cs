using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Configuration.Settings;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Canonical.Models;
using Bifrost.Wire.Faults;

namespace Bifrost.Admin.Providers;

/// <summary>What kinds of provider there are and can do, and whether a provider takes a key: asked by listing its models, which costs nothing.</summary>
internal sealed class TrialRoutes(GatewaySettings settings, TimeProvider clock)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly Shape Which = new(
        "ProviderTrial",
        [new("key_id", FieldKind.Text, "The key to try. Left out: every key of the provider.") { Longest = 255 }]
    );

    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/provider-kinds", "Lists the kinds of provider there are, and what each can be asked for.", KindsAsync)
            {
                Group = ProviderRoutes.Group,
                Answer = "`kinds`, each with its `operations` and the `token_variables` a key may come from.",
            },
            new("POST", "/api/providers/{provider}/test", "Tries a provider's keys: asks it for its models, which costs nothing.", TryAsync)
            {
                Group = ProviderRoutes.Group,
                Body = Which,
                BodyOptional = true,
                Answer =
                    "`results`, one for each key: whether it works, how long it took, how many models were listed, or why it does not.",
                Refusals = [404, 409],
            },
        ];

    private Task<Reply> KindsAsync(Call call)
    {
        var providers = settings.World?.Providers.Values.ToList() ?? [];
        var kinds = providers
            .Select(p => p.Kind)
            .Distinct()
            .OrderBy(k => k.Id, StringComparer.Ordinal)
            .Select(kind => new JsonObject
            {
                ["name"] = kind.Id,
                ["home"] = kind.Home.AbsoluteUri,
                ["token_variables"] = new JsonArray([.. kind.TokenVariables.Select(v => (JsonNode)v)]),
                ["operations"] = new JsonArray([
                    .. Enum.GetValues<Operation>().Where(o => kind.OfferFor(o) is not null).Select(o => (JsonNode)o.Word()),
                ]),
                ["configured"] = new JsonArray([
                    .. providers
                        .Where(p => p.Kind == kind && p.IsConfigured)
                        .Select(p => p.Id)
                        .Order(StringComparer.Ordinal)
                        .Select(n => (JsonNode)n),
                ]),
            });
        return Task.FromResult(Reply.Ok(new JsonObject { ["kinds"] = new JsonArray([.. kinds]) }));
    }

    private async Task<Reply> TryAsync(Call call)
    {
        var name = call["provider"];
        if (settings.Find(name) is not { } view || settings.World?.Providers.GetValueOrDefault(name) is not { } provider)
        {
            return Reply.NotFound("provider", name);
        }

        var wanted = call.Body.Text("key_id").Value;
        var keys = provider.Keys.Where(k => wanted is null || k.Id == wanted).ToList();
        if (keys.Count == 0 && provider.KeyLess && wanted is null)
        {
            keys = [ProviderModel.NoKey];
        }

        if (keys.Count == 0)
        {
            return Reply.Refused(
                409,
                wanted is null
                    ? $"{view.Name} has no key that is switched on and has a value, so there is nothing to try. Add one."
                    : $"{view.Name} has no key {Shown.Quoted(wanted)} that is switched on and has a value."
            );
        }

        var results = await Task.WhenAll(keys.Select(k => TryAsync(provider, k, call.Cancel)));
        return Reply.Ok(new JsonObject { ["ok"] = results.All(r => r["ok"]!.GetValue<bool>()), ["results"] = new JsonArray([.. results]) });
    }

    private async Task<JsonObject> TryAsync(ProviderModel provider, KeyModel key, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var timer = clock.CreateTimer(_ => patience.Cancel(), null, Patience, Timeout.InfiniteTimeSpan);
        var began = clock.GetTimestamp();
        Outcome<IReadOnlyList<ModelEntry>> listed;
        try
        {
            listed = await provider.Kind.Models.ListAsync(provider, key, patience.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            listed = new Fault(FaultKind.Timeout, $"{provider.Id} did not answer within {Patience.TotalSeconds} s at {provider.Base}.");
        }

        return new JsonObject
        {
            ["key_id"] = key.Id,
            ["key_name"] = key.Name,
            ["ok"] = listed.Fault is null,
            ["message"] = listed.Fault?.Message,
            ["models"] = listed.Fault is null ? listed.Value!.Count : null,
            ["milliseconds"] = Math.Round(clock.GetElapsedTime(began).TotalMilliseconds, 1),
        };
    }
}
