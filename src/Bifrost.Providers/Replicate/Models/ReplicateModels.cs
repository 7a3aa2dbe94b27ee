using System.Collections.Frozen;
using System.Text.Json;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Canonical.Models;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>The account's deployments, and our seeds. The public list has tens of thousands of entries and is left alone.</summary>
internal sealed class ReplicateModels(ReplicateRuntime runtime) : IModelSource
{
    private const string Prefix = "replicate/";
    private const int MaxPages = 20;

    private static readonly IReadOnlyList<ModelEntry> SeedEntries =
    [
        .. SeedModels.All.Select(entry =>
            entry.Id.StartsWith(Prefix, StringComparison.Ordinal) ? entry with { Id = entry.Id[Prefix.Length..] } : entry
        ),
    ];

    private static readonly FrozenSet<string> SeedNames = SeedEntries.Select(entry => entry.Id).ToFrozenSet(StringComparer.Ordinal);

    public IReadOnlyList<ModelEntry> Seeds => SeedEntries;

    /// <summary>A seed's <c>owner/name</c>, with or without a version, or a version id.</summary>
    public static bool Knows(string model)
    {
        if (ModelReference.Parse(model).Failed(out _, out var reference))
        {
            return false;
        }

        return reference.Slug is not { } slug || (reference.Kind != ReferenceKind.Deployment && SeedNames.Contains(slug));
    }

    public async ValueTask<Outcome<IReadOnlyList<ModelEntry>>> ListAsync(ProviderModel provider, KeyModel key, CancellationToken cancel)
    {
        var client = runtime.ClientOf(provider, key);
        var entries = new List<ModelEntry>();
        var path = "deployments";
        for (var page = 0; page < MaxPages; page++)
        {
            var outcome = await client.SendAsync(HttpMethod.Get, path, null, ReplicateCall.Describe, cancel);
            if (outcome.Failed(out var fault, out var answer) || answer.Json().Failed(out fault, out var json))
            {
                return fault;
            }

            Gather(json, entries);
            if (Cursor(json) is not { } cursor)
            {
                break;
            }

            path = $"deployments?cursor={Uri.EscapeDataString(cursor)}";
        }

        return entries;
    }

    private static void Gather(JsonElement page, List<ModelEntry> entries)
    {
        if (
            page.ValueKind != JsonValueKind.Object
            || !page.TryGetProperty("results", out var results)
            || results.ValueKind != JsonValueKind.Array
        )
        {
            return;
        }

        foreach (var deployment in results.EnumerateArray())
        {
            if (Text(deployment, "owner") is not { Length: > 0 } owner || Text(deployment, "name") is not { Length: > 0 } name)
            {
                continue;
            }

            DateTimeOffset? created =
                deployment.TryGetProperty("current_release", out var release)
                && Text(release, "created_at") is { } time
                && DateTimeOffset.TryParse(time, out var at)
                    ? at
                    : null;
            entries.Add(new ModelEntry($"deployments/{owner}/{name}", owner, created));
        }
    }

    /// <summary>Only the cursor of <c>next</c> is taken over: the address itself is upstream's word, and we call our own base.</summary>
    private static string? Cursor(JsonElement page)
    {
        if (Text(page, "next") is not { } next || !Uri.TryCreate(next, UriKind.Absolute, out var address))
        {
            return null;
        }

        foreach (var pair in address.Query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith("cursor=", StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(pair["cursor=".Length..]);
            }
        }

        return null;
    }

    private static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
