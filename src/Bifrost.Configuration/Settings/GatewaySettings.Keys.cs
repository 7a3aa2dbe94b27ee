using System.Text.Json;
using Bifrost.Configuration.Documents;

namespace Bifrost.Configuration.Settings;

public sealed partial class GatewaySettings
{
    /// <summary>Of every provider.</summary>
    public IReadOnlyList<KeyView> Keys => [.. _now.Providers.Values.SelectMany(p => p.Keys.Select(k => Viewed(p.Name, k)))];

    /// <summary>Null when there is none.</summary>
    public KeyView? FindKey(string provider, string id) => Find(provider)?.Keys.FirstOrDefault(k => k.Id == id);

    /// <param name="provider">Whose key it is to be.</param>
    /// <param name="body">The published key object. Without <c>id</c> it gets one (<see cref="EditOutcome.Id"/>).</param>
    /// <param name="cancel">Stops it before anything is changed.</param>
    public Task<EditOutcome> AddKeyAsync(string provider, JsonElement body, CancellationToken cancel) =>
        EditAsync(
            draft =>
            {
                if (!draft.Next.Providers.TryGetValue(provider, out var owner))
                {
                    return NoProvider(provider);
                }

                if (Patch.Body(body, draft.Findings) is not { } item)
                {
                    return null;
                }

                if (Text(item, "name") is { } name && owner.Keys.Any(k => k.Name == name))
                {
                    return EditOutcome.Failed(EditStatus.Conflict, $"`{owner.Name}` has a key named {JsonPath.Quoted(name)} already.");
                }

                var key = Merged(null, item, NewKeyId(draft, item, ""));
                draft.Id = key.Id;
                return TakeKey(draft, owner, owner with { Keys = owner.Keys.Add(key) }, owner.Keys.Length);
            },
            cancel
        );

    /// <summary>What is left out stays, null takes away. The value comes back unchanged when it is sent as it was shown.</summary>
    public Task<EditOutcome> PatchKeyAsync(string provider, string id, JsonElement patch, CancellationToken cancel) =>
        EditAsync(
            draft =>
            {
                if (!draft.Next.Providers.TryGetValue(provider, out var owner))
                {
                    return NoProvider(provider);
                }

                if (IndexOf(owner, id) is not { } index)
                {
                    return NoKey(provider, id);
                }

                if (Patch.Body(patch, draft.Findings) is not { } item)
                {
                    return null;
                }

                if (Text(item, "id") is { } other && other != id)
                {
                    draft.Findings.Mistake("id", "cannot be changed. Leave it out.");
                }

                return TakeKey(draft, owner, owner with { Keys = owner.Keys.SetItem(index, Merged(owner.Keys[index], item, id)) }, index);
            },
            cancel
        );

    public Task<EditOutcome> DeleteKeyAsync(string provider, string id, CancellationToken cancel) =>
        EditAsync(
            draft =>
            {
                if (!draft.Next.Providers.TryGetValue(provider, out var owner))
                {
                    return NoProvider(provider);
                }

                if (IndexOf(owner, id) is not { } index)
                {
                    return NoKey(provider, id);
                }

                if (owner.Keys[index].FileHash is not null)
                {
                    draft.Findings.Warning("config.json has this key too; if it stays there, the next start brings it back.");
                }

                return Take(draft, owner, owner with { Keys = owner.Keys.RemoveAt(index) });
            },
            cancel
        );

    // The caller sent one key: a mistake in it is told with a path in that key, one elsewhere with its own.
    private EditOutcome? TakeKey(Draft draft, ProviderDocument before, ProviderDocument after, int index)
    {
        Take(draft, before, after);
        draft.Findings.Relocate($"keys[{index}].", "");
        return null;
    }

    private static int? IndexOf(ProviderDocument owner, string id)
    {
        for (var i = 0; i < owner.Keys.Length; i++)
        {
            if (owner.Keys[i].Id == id)
            {
                return i;
            }
        }

        return null;
    }

    private static EditOutcome NoKey(string provider, string id) =>
        EditOutcome.Failed(EditStatus.NotFound, $"{JsonPath.Quoted(provider)} has no key with the id {JsonPath.Quoted(id)}.");
}
