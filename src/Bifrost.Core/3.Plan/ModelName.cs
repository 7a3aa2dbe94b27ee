using Bifrost.Core.World;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Plan;

/// <summary>Which provider a model name means, and the name that is left for it.</summary>
internal static class ModelName
{
    public static Outcome<(ProviderModel Provider, string Model)> Resolve(string asked, string? surfaceProvider, GatewayWorld world)
    {
        if (asked.Length == 0)
        {
            return Fault.Invalid(
                "`model` is required, for instance \"replicate/meta/meta-llama-3-8b-instruct\".",
                "model",
                "missing_required_parameter"
            );
        }

        var slash = asked.IndexOf('/');
        if (slash > 0)
        {
            var prefix = asked[..slash];
            if (world.Providers.TryGetValue(prefix, out var named))
            {
                return slash + 1 < asked.Length
                    ? (named, asked[(slash + 1)..])
                    : Fault.Invalid($"`model` is \"{asked}\": the model's name is missing after the provider.", "model");
            }

            if (world.NotServed.Contains(prefix))
            {
                return new Fault(
                    FaultKind.UnsupportedOperation,
                    $"The provider \"{prefix}\" is not served by this version of Bifrost. It serves: {Served(world)}."
                )
                {
                    Param = "model",
                };
            }
        }

        return Bare(asked, surfaceProvider, world) is { } provider ? (provider, asked) : Unknown(asked, world);
    }

    private static ProviderModel? Bare(string asked, string? surfaceProvider, GatewayWorld world)
    {
        if (surfaceProvider is not null && world.Providers.TryGetValue(surfaceProvider, out var surface) && surface.IsConfigured)
        {
            return surface;
        }

        foreach (var provider in world.Providers.Values)
        {
            foreach (var key in provider.Keys)
            {
                if (key.Aliases.ContainsKey(asked) || (key.Models is { } models && key.Serves(asked) && Contains(models, asked)))
                {
                    return provider;
                }
            }
        }

        foreach (var provider in world.Providers.Values)
        {
            if (provider.Id == provider.Kind.Id && provider.Kind.Knows(asked))
            {
                return provider;
            }
        }

        return surfaceProvider is not null && world.Providers.TryGetValue(surfaceProvider, out surface) ? surface : null;
    }

    private static bool Contains(IReadOnlyCollection<string> models, string asked)
    {
        foreach (var model in models)
        {
            if (model == asked)
            {
                return true;
            }
        }

        return false;
    }

    private static Fault Unknown(string asked, GatewayWorld world)
    {
        var shown = asked.Length <= 100 ? asked : asked[..100] + "…";
        return Fault.Invalid(
            $"The gateway knows no model \"{shown}\". Write it as provider/model, for instance \"replicate/{(asked.Contains('/') ? shown : "owner/name")}\"; the providers here are {Served(world)}. GET /v1/models lists what there is.",
            "model",
            "model_not_found"
        );
    }

    private static string Served(GatewayWorld world) => string.Join(", ", world.Providers.Keys);
}
