using System.Text.Json;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Plan;

/// <summary>Room 3: an ordered list of targets, and for each the lane its bytes will take.</summary>
public sealed class PlanRoute
{
    /// <summary>Fallbacks beyond these are ignored: a request should not walk the whole catalogue.</summary>
    private const int MaxFallbacks = 8;

    public Outcome<IReadOnlyList<Target>> Choose(Exchange exchange)
    {
        var world = exchange.World;
        if (exchange.PathId is { } id && PrefixOf(exchange.Operation) is { } prefix)
        {
            exchange.DirectKey = exchange.Presented is { } presented ? KeyModel.Direct(presented) : null;
            exchange.Pinned = PinnedId.Open(prefix, id, world, exchange.DirectKey);
        }

        if (exchange.Pinned is { } pinned)
        {
            return ForJob(exchange, pinned);
        }

        if (NeedsModel(exchange.Operation))
        {
            return ForModel(exchange);
        }

        var homeless = ProviderWithoutModel(exchange);
        return homeless.Failed(out var unknown, out var provider) ? unknown : ForProvider(exchange, provider, "");
    }

    private static Outcome<IReadOnlyList<Target>> ForJob(Exchange exchange, PinnedJob job)
    {
        if (AccessTo(exchange, job.Provider, job.Model).Failed(out var blocked, out var access))
        {
            return blocked;
        }

        return job.Key.IsDirect || access.AllowsKey(job.Key.Id)
            ? TargetsOf(exchange, job.Provider, job.Model, [job.Key])
            : new Fault(FaultKind.ProviderBlocked, $"The virtual key may not use the key of {job.Provider.Id} that this was made with.");
    }

    private static Outcome<IReadOnlyList<Target>> ForModel(Exchange exchange)
    {
        var first = ForName(exchange, exchange.AskedModel, spares: exchange.Envelope.FallbacksMember.IsEmpty);
        if (exchange.Envelope.Fallbacks.IsEmpty)
        {
            return first;
        }

        var targets = new List<Target>(first.Value ?? []);
        foreach (var name in FallbacksOf(exchange))
        {
            var more = ForName(exchange, name, spares: false);
            if (more.Fault is { } skipped)
            {
                exchange.Note(new ParameterNote("fallbacks", "dropped", $"\"{name}\" is skipped: {skipped.Message}"));
            }
            else
            {
                targets.AddRange(more.Value!);
            }
        }

        return targets.Count > 0 ? Outcome<IReadOnlyList<Target>>.Of(targets) : first;
    }

    /// <param name="exchange">Who asks.</param>
    /// <param name="name">Model, with or without its provider.</param>
    /// <param name="spares">The caller's other providers that may serve a bare name follow.</param>
    private static Outcome<IReadOnlyList<Target>> ForName(Exchange exchange, string name, bool spares)
    {
        if (exchange.Caller?.Providers is { Count: > 0 } listed && name.Length > 0 && BareModel.IsBare(name, exchange.World))
        {
            var providers = BareModel.ProvidersFor(exchange, name, listed);
            if (providers.Count > 0)
            {
                return ForProviders(exchange, spares ? providers : [providers[0]], name);
            }
        }

        var resolved = ModelName.Resolve(name, exchange.SurfaceProvider, exchange.World);
        return resolved.Fault is { } unknown ? unknown : ForProvider(exchange, resolved.Value.Provider, resolved.Value.Model);
    }

    private static Outcome<IReadOnlyList<Target>> ForProviders(Exchange exchange, List<ProviderModel> providers, string model)
    {
        var first = ForProvider(exchange, providers[0], model);
        if (providers.Count == 1)
        {
            return first;
        }

        var targets = new List<Target>(first.Value ?? []);
        for (var i = 1; i < providers.Count && i <= MaxFallbacks; i++)
        {
            targets.AddRange(ForProvider(exchange, providers[i], model).Value ?? []);
        }

        return targets.Count > 0 ? Outcome<IReadOnlyList<Target>>.Of(targets) : first;
    }

    private static Outcome<IReadOnlyList<Target>> ForProvider(Exchange exchange, ProviderModel provider, string model)
    {
        if (AccessTo(exchange, provider, model).Failed(out var blocked, out var access))
        {
            return blocked;
        }

        var keys = KeyChoice.Order(exchange, provider, model, access);
        return keys.Failed(out var none, out var ordered) ? none : TargetsOf(exchange, provider, model, ordered);
    }

    /// <summary>What the caller may use at a provider, or that it may not use it, or not this model of it.</summary>
    private static Outcome<ProviderAccess> AccessTo(Exchange exchange, ProviderModel provider, string model)
    {
        if (exchange.Caller is not { } caller)
        {
            return ProviderAccess.Unrestricted;
        }

        if (caller.AccessTo(provider.Id) is not { } access)
        {
            return new Fault(FaultKind.ProviderBlocked, $"The virtual key may not use the provider \"{provider.Id}\".");
        }

        return AsksModel(exchange.Operation) && !access.Allows(model)
            ? new Fault(FaultKind.ModelBlocked, $"The virtual key may not use the model \"{model}\" of {provider.Id}.") { Param = "model" }
            : access;
    }

    private static Outcome<IReadOnlyList<Target>> TargetsOf(
        Exchange exchange,
        ProviderModel provider,
        string model,
        IReadOnlyList<KeyModel> keys
    )
    {
        if (provider.Kind.OfferFor(exchange.Operation) is not { } offer)
        {
            return new Fault(
                FaultKind.UnsupportedOperation,
                $"{provider.Id} does not offer {exchange.Operation.Word()} through this gateway."
            )
            {
                Param = "model",
            };
        }

        var targets = new Target[keys.Count];
        for (var i = 0; i < targets.Length; i++)
        {
            var sent = keys[i].Sent(model);
            targets[i] = new Target(provider, offer, sent, keys[i], LaneOf(exchange, offer, sent));
        }

        return Outcome<IReadOnlyList<Target>>.Of(targets);
    }

    private static Lane LaneOf(Exchange exchange, Offer offer, string model) =>
        offer is not HttpOffer http || !ReferenceEquals(http.Dialect, exchange.CallerSpeaks) ? Lane.Translated
        : exchange.Envelope.Model.IsEmpty || (model == exchange.Envelope.ModelName && exchange.Envelope.FallbacksMember.IsEmpty)
            ? Lane.Verbatim
        : Lane.Patched;

    /// <summary>Files, lists and foreign ids name no model: the caller says which provider, or the surface does, or there is only one.</summary>
    private static Outcome<ProviderModel> ProviderWithoutModel(Exchange exchange)
    {
        var request = exchange.Http.Request;
        var named = request.Query["provider"].ToString();
        named = named.Length > 0 ? named : request.Headers["x-model-provider"].ToString();
        named = named.Length > 0 ? named : exchange.FormProvider ?? "";
        if (named.Length > 0)
        {
            return exchange.World.Providers.TryGetValue(named, out var asked)
                ? asked
                : Fault.Invalid(
                    $"There is no provider \"{named}\" here; there are {string.Join(", ", exchange.World.Providers.Keys)}.",
                    "provider"
                );
        }

        if (exchange.SurfaceProvider is { } surface && exchange.World.Providers.TryGetValue(surface, out var home) && home.IsConfigured)
        {
            return home;
        }

        ProviderModel? only = null;
        var several = false;
        foreach (var provider in exchange.World.Providers.Values)
        {
            var usable = provider.IsConfigured || (exchange.Presented is { } presented && provider.Kind.LooksLikeKey(presented));
            if (usable && provider.Kind.OfferFor(exchange.Operation) is not null)
            {
                several = only is not null;
                only ??= provider;
            }
        }

        return (only, several) switch
        {
            (null, _) => new Fault(
                FaultKind.MissingCredential,
                $"No provider with a key offers {exchange.Operation.Word()}. Add a key under `providers` in config.json."
            ),
            (_, true) => Fault.Invalid(
                $"Several providers offer {exchange.Operation.Word()}: say which with the query `provider` or the header `x-model-provider`.",
                "provider",
                "missing_required_parameter"
            ),
            _ => only,
        };
    }

    private static List<string> FallbacksOf(Exchange exchange)
    {
        var names = new List<string>();
        var range = exchange.Envelope.Fallbacks;
        var reader = new Utf8JsonReader(exchange.Body.Span.Slice(range.Start, range.Length));
        while (reader.Read() && names.Count < MaxFallbacks)
        {
            if (reader.TokenType == JsonTokenType.String)
            {
                names.Add(reader.GetString()!);
            }
        }

        return names;
    }

    private static string? PrefixOf(Operation operation) =>
        operation switch
        {
            Operation.ResponseGet or Operation.ResponseCancel => "resp_",
            Operation.VideoGet or Operation.VideoContent or Operation.VideoDelete or Operation.VideoRemix => "video_",
            _ => null,
        };

    // Looking after what was made needs no right to the model that made it; making more of it does.
    private static bool AsksModel(Operation operation) => NeedsModel(operation) || operation == Operation.VideoRemix;

    private static bool NeedsModel(Operation operation) =>
        operation
            is Operation.Chat
                or Operation.Completion
                or Operation.Response
                or Operation.Embedding
                or Operation.ImageGeneration
                or Operation.ImageEdit
                or Operation.Transcription
                or Operation.Translation
                or Operation.VideoCreate;
}
