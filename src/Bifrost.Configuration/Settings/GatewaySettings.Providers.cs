using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Governance.Stores;

namespace Bifrost.Configuration.Settings;

public sealed partial class GatewaySettings
{
    private static readonly string[] NamesInBodies = ["name", "provider"];

    /// <summary>By name.</summary>
    public IReadOnlyList<ProviderView> Providers => [.. _now.Providers.Values.Select(Viewed)];

    /// <summary>Ignoring case; null when there is none.</summary>
    public ProviderView? Find(string name) => _now.Providers.TryGetValue(name, out var provider) ? Viewed(provider) : null;

    /// <param name="name">The prefix in model strings: a known provider's, or one of its own with <c>custom_provider_config</c>.</param>
    /// <param name="body">The published provider object; <c>name</c> and <c>provider</c> in it are not looked at.</param>
    /// <param name="cancel">Stops it before anything is changed.</param>
    public Task<EditOutcome> CreateProviderAsync(string name, JsonElement body, CancellationToken cancel) =>
        EditAsync(
            draft =>
                draft.Next.Providers.TryGetValue(name, out var there) && there.Origin != Origin.Environment
                    ? EditOutcome.Failed(EditStatus.Conflict, $"There is a provider {JsonPath.Quoted(name)} already.")
                    : Write(draft, new ProviderDocument(name, [], [], Origin.Api), body),
            cancel
        );

    /// <param name="name">Of the provider.</param>
    /// <param name="patch">What is left out stays, null takes away. <c>keys</c>, when there, becomes the whole set of keys; one that names an existing key by
    /// <c>id</c> or <c>name</c> changes that one.</param>
    /// <param name="cancel">Stops it before anything is changed.</param>
    public Task<EditOutcome> PatchProviderAsync(string name, JsonElement patch, CancellationToken cancel) =>
        EditAsync(
            draft => draft.Next.Providers.TryGetValue(name, out var provider) ? Write(draft, provider, patch) : NoProvider(name),
            cancel
        );

    /// <summary>Its keys go with it.</summary>
    public Task<EditOutcome> DeleteProviderAsync(string name, CancellationToken cancel) =>
        EditAsync(
            draft =>
            {
                if (!draft.Next.Providers.TryGetValue(name, out var provider))
                {
                    return NoProvider(name);
                }

                if (provider.Origin == Origin.Environment)
                {
                    return EditOutcome.Failed(
                        EditStatus.Conflict,
                        $"The provider `{provider.Name}` comes from an environment variable. Take the variable away and start Bifrost again."
                    );
                }

                if (provider.FileHash is not null)
                {
                    draft.Findings.Warning(
                        $"config.json has the provider `{provider.Name}` too; if it stays there, the next start brings it back."
                    );
                }

                draft.Next = draft.Next with { Providers = draft.Next.Providers.Remove(provider.Name) };
                draft.Changes.AddRange(provider.Keys.Select(k => Gone(ObjectKinds.ProviderKey, k.Id)));
                draft.Changes.Add(Gone(ObjectKinds.Provider, provider.Name));
                return null;
            },
            cancel
        );

    private static EditOutcome NoProvider(string name) =>
        EditOutcome.Failed(EditStatus.NotFound, $"There is no provider {JsonPath.Quoted(name)}.");

    private EditOutcome? Write(Draft draft, ProviderDocument provider, JsonElement sent)
    {
        if (Patch.Body(sent, draft.Findings) is not { } body)
        {
            return null;
        }

        foreach (var name in NamesInBodies)
        {
            body.Remove(name);
        }

        var keys = provider.Keys;
        if (body.ContainsKey("keys"))
        {
            if (body["keys"] is JsonArray items)
            {
                body.Remove("keys");
                keys = KeysOf(draft, provider, items);
            }
            else if (body["keys"] is null)
            {
                body.Remove("keys");
                keys = [];
            }
        }

        var document = Patch.Applied(
            provider.Body,
            SecretFields.Meant(body, provider.Body, PublishedShape.Provider),
            PublishedShape.Provider
        );
        return Take(draft, provider, provider with { Body = document, Keys = keys });
    }

    private ImmutableArray<KeyDocument> KeysOf(Draft draft, ProviderDocument provider, JsonArray items)
    {
        var keys = ImmutableArray.CreateBuilder<KeyDocument>();
        for (var index = 0; index < items.Count; index++)
        {
            if (items[index] is JsonObject item)
            {
                var before = Matching(provider, item);
                keys.Add(Merged(before, item, before?.Id ?? NewKeyId(draft, item, JsonPath.Item("keys", index))));
            }
            else
            {
                draft.Findings.Mistake(JsonPath.Item("keys", index), "is not an object. Write a key.");
            }
        }

        return keys.ToImmutable();
    }

    private static KeyDocument? Matching(ProviderDocument provider, JsonObject item) =>
        provider.Keys.FirstOrDefault(k => k.Id == Text(item, "id")) ?? provider.Keys.FirstOrDefault(k => k.Name == Text(item, "name"));

    private static KeyDocument Merged(KeyDocument? before, JsonObject item, string id)
    {
        var kept = before?.Body ?? [];
        var body = Patch.Applied(kept, SecretFields.Meant(item, kept, PublishedShape.Key), PublishedShape.Key);
        body.Remove("id");
        return (before ?? new KeyDocument(id, [])) with { Body = body };
    }

    // Checks the provider as it would be, and writes down what the store must take for it.
    private EditOutcome? Take(Draft draft, ProviderDocument before, ProviderDocument after)
    {
        var read = _reader.Provider(after, before, draft.Findings, "");
        if (read.Config is null && draft.Findings.Mistakes.Count == 0)
        {
            draft.Findings.Mistake("", $"The provider {JsonPath.Quoted(after.Name)} is not served by this version of Bifrost.");
        }

        draft.Next = draft.Next.With(read with { Origin = after.Origin == Origin.Environment ? Origin.Api : after.Origin, Trouble = null });
        draft.Changes.Add(new ObjectChange(Stored(ObjectKinds.Provider, after.Name, after.Body, PublishedShape.Provider, after.FileHash)));
        draft.Changes.AddRange(before.Keys.Where(k => after.Keys.All(a => a.Id != k.Id)).Select(k => Gone(ObjectKinds.ProviderKey, k.Id)));
        for (var position = 0; position < after.Keys.Length; position++)
        {
            draft.Changes.Add(new ObjectChange(StoredKeys.Write(after.Name, position, after.Keys[position], _parts.Box)));
        }

        return null;
    }

    private static string NewKeyId(Draft draft, JsonObject item, string path)
    {
        if (Text(item, "id") is not { } id)
        {
            return Guid.NewGuid().ToString("D");
        }

        if (draft.Next.Providers.Values.Any(p => p.Keys.Any(k => k.Id == id)))
        {
            draft.Findings.Mistake(
                JsonPath.Member(path, "id"),
                $"{JsonPath.Quoted(id)} is the id of another key. Leave it out to get a new one."
            );
        }

        return id;
    }

    private static string? Text(JsonObject item, string name) =>
        item[name] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    private static ObjectChange Gone(string kind, string id) => new(new StoredObject(kind, id, default, null), Delete: true);

    private static ProviderView Viewed(ProviderDocument provider) =>
        new(
            provider.Name,
            provider.Origin,
            SecretFields.Shown(provider.Body, PublishedShape.Provider),
            [.. provider.Keys.Select(k => Viewed(provider.Name, k))],
            provider.Config,
            provider.Trouble
        );

    private static KeyView Viewed(string provider, KeyDocument key)
    {
        var document = SecretFields.Shown(key.Body, PublishedShape.Key);
        document.Insert(0, "id", key.Id);
        return new KeyView(key.Id, provider, key.Name, document);
    }
}
