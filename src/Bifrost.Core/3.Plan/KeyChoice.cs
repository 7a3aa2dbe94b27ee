using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Plan;

/// <summary>Which keys of a provider may serve an exchange, the first to try first: drawn by weight, or the one the caller named.</summary>
internal static class KeyChoice
{
    /// <param name="exchange">Who asks.</param>
    /// <param name="provider">Whose keys.</param>
    /// <param name="model">As asked, or empty.</param>
    /// <param name="access">What the caller may use there. A key that the caller brought itself is its own affair.</param>
    public static Outcome<IReadOnlyList<KeyModel>> Order(Exchange exchange, ProviderModel provider, string model, ProviderAccess access)
    {
        if (exchange.Presented is { } presented && (!provider.IsConfigured || provider.Kind.LooksLikeKey(presented)))
        {
            exchange.DirectKey ??= KeyModel.Direct(presented);
            return Outcome<IReadOnlyList<KeyModel>>.Of([exchange.DirectKey]);
        }

        if (!provider.IsConfigured)
        {
            return NoKey(provider);
        }

        if (provider.Keys.Count == 0)
        {
            return Outcome<IReadOnlyList<KeyModel>>.Of([ProviderModel.NoKey]);
        }

        var headers = exchange.Http.Request.Headers;
        var id = headers["x-bf-api-key-id"].ToString();
        var name = headers["x-bf-api-key"].ToString();
        var named = id.Length > 0 || name.Length > 0;
        if (provider.Keys.Count == 1 && !named && MayUse(provider.Keys[0], model, access))
        {
            return Outcome<IReadOnlyList<KeyModel>>.Of(provider.Keys);
        }

        var eligible = new List<KeyModel>(provider.Keys.Count);
        foreach (var key in provider.Keys)
        {
            if (MayUse(key, model, access) && (!named || (id.Length > 0 ? key.Id == id : key.Name == name)))
            {
                eligible.Add(key);
            }
        }

        if (eligible.Count == 0)
        {
            return named || !IsKept(provider, model, access)
                ? NotServed(provider, model, named ? (id.Length > 0 ? id : name) : null)
                : new Fault(FaultKind.ProviderBlocked, $"The virtual key may not use any key of {provider.Id} that serves \"{model}\".");
        }

        Shuffle(eligible);
        return Outcome<IReadOnlyList<KeyModel>>.Of(eligible);
    }

    private static Fault NotServed(ProviderModel provider, string model, string? named) =>
        named is not null
            ? Fault.Invalid($"There is no key \"{named}\" of {provider.Id} that serves \"{model}\".", code: "no_such_key")
            : new Fault(FaultKind.ModelNotFound, $"No key of {provider.Id} is allowed to use the model \"{model}\".") { Param = "model" };

    /// <summary>Some key would serve, were it not kept from the caller.</summary>
    private static bool IsKept(ProviderModel provider, string model, ProviderAccess access)
    {
        foreach (var key in provider.Keys)
        {
            if (!access.AllowsKey(key.Id) && (model.Length == 0 || key.Serves(model)))
            {
                return true;
            }
        }

        return false;
    }

    private static bool MayUse(KeyModel key, string model, ProviderAccess access) =>
        (model.Length == 0 || key.Serves(model)) && access.AllowsKey(key.Id);

    // Draws without putting back, by weight; when all weights are zero every key is as good as another.
    private static void Shuffle(List<KeyModel> keys)
    {
        for (var i = 0; i < keys.Count - 1; i++)
        {
            var total = 0.0;
            for (var j = i; j < keys.Count; j++)
            {
                total += keys[j].Weight;
            }

            var drawn = i;
            if (total > 0)
            {
                var ball = Random.Shared.NextDouble() * total;
                while (drawn < keys.Count - 1 && (ball -= keys[drawn].Weight) >= 0)
                {
                    drawn++;
                }
            }
            else
            {
                drawn = Random.Shared.Next(i, keys.Count);
            }

            (keys[i], keys[drawn]) = (keys[drawn], keys[i]);
        }
    }

    private static Fault NoKey(ProviderModel provider)
    {
        var variable = provider.Kind.TokenVariables.Count > 0 ? $"set {provider.Kind.TokenVariables[0]}, " : "";
        return new Fault(
            FaultKind.MissingCredential,
            $"There is no key for {provider.Id}. To mend it, {variable}add one under `providers.{provider.Id}.keys` in config.json, or send your own as `Authorization: Bearer …`."
        );
    }
}
