using System.Text.Json;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Asks Replicate about a model. No memory; see <see cref="ModelRoutes"/> for that.</summary>
internal static class ModelLookup
{
    public static Task<Outcome<ResolvedModel>> AskAsync(PredictionClient client, ModelReference model, CancellationToken cancel) =>
        model.Kind switch
        {
            ReferenceKind.Deployment => DeploymentAsync(client, model, cancel),
            ReferenceKind.Version => VersionAsync(client, model, cancel),
            _ => ModelAsync(client, model, cancel),
        };

    /// <summary>What we know without asking.</summary>
    public static ResolvedModel Unasked(ModelReference model) =>
        new(model, model, SeedSchemas.Of(model), model.CreatePath, model.Version, null) { FromSeed = true };

    private static async Task<Outcome<ResolvedModel>> ModelAsync(PredictionClient client, ModelReference model, CancellationToken cancel)
    {
        if ((await GetAsync(client, model, model.ModelPath!, cancel)).Failed(out var fault, out var json))
        {
            return fault;
        }

        var latest = Member(json, "latest_version");
        var version = latest is { } newest ? Text(newest, "id") : null;
        bool? official = Member(json, "is_official")?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };
        var resolved = Describe(model, model, latest) with { IsOfficial = official, LatestVersion = version };

        // A community model is plainly told apart; only where nothing is said must the official endpoint be tried first.
        return official == false && version is not null ? resolved.ByVersion(version) : resolved;
    }

    private static async Task<Outcome<ResolvedModel>> VersionAsync(PredictionClient client, ModelReference model, CancellationToken cancel)
    {
        if (model.VersionPath is not { } path)
        {
            return Unasked(model);
        }

        return (await GetAsync(client, model, path, cancel)).Failed(out var fault, out var json) ? fault : Describe(model, model, json);
    }

    private static async Task<Outcome<ResolvedModel>> DeploymentAsync(
        PredictionClient client,
        ModelReference model,
        CancellationToken cancel
    )
    {
        if ((await GetAsync(client, model, model.ModelPath!, cancel)).Failed(out var fault, out var json))
        {
            return fault;
        }

        var release = Member(json, "current_release");
        if (
            release is not { } now
            || Text(now, "model") is not { } name
            || ModelReference.Parse(name).Failed(out _, out var family)
            || Text(now, "version") is not { } version
        )
        {
            return Unasked(model);
        }

        // A deployment may run a model that the token cannot look into; it can be used all the same.
        var path = $"models/{family.Owner}/{family.Name}/versions/{Uri.EscapeDataString(version)}";
        return (await GetAsync(client, family, path, cancel)).Failed(out _, out var described)
            ? Unasked(model) with
            {
                Family = family,
                Schema = SeedSchemas.Of(family),
            }
            : Describe(model, family, described);
    }

    /// <param name="model">As asked for.</param>
    /// <param name="family">Whose version this is.</param>
    /// <param name="version">A version object, which holds the schema.</param>
    private static ResolvedModel Describe(ModelReference model, ModelReference family, JsonElement? version)
    {
        var unasked = Unasked(model) with { Family = family };
        return
            version is { } described
            && Member(described, "openapi_schema") is { ValueKind: JsonValueKind.Object } openApi
            && !ModelSchema.Read(openApi).Failed(out _, out var schema)
            ? unasked with
            {
                Schema = schema,
                FromSeed = false,
            }
            : unasked with
            {
                Schema = SeedSchemas.Of(family),
            };
    }

    private static async Task<Outcome<JsonElement>> GetAsync(
        PredictionClient client,
        ModelReference model,
        string path,
        CancellationToken cancel
    )
    {
        var outcome = await client.SendAsync(HttpMethod.Get, path, null, ReplicateCall.Describe, cancel, TimeSpan.FromSeconds(15));
        if (!outcome.Failed(out var fault, out var answer))
        {
            return answer.Json();
        }

        // Replicate's own words do not say what was not found.
        return fault.Kind == FaultKind.ModelNotFound
            ? fault with
            {
                Message = $"Replicate has no model \"{model}\" that this key may use.",
            }
            : fault;
    }

    private static JsonElement? Member(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private static string? Text(JsonElement json, string name) =>
        Member(json, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
