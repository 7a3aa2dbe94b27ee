using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Stores;

namespace Bifrost.Configuration.Settings;

/// <summary>What a start found. With mistakes there are no settings.</summary>
public sealed record OpenedSettings(GatewaySettings? Settings, IReadOnlyList<Mistake> Mistakes, IReadOnlyList<string> Warnings);

/// <summary>Brings config.json and the store together at the start. What the file has not changed since it was last taken from there is the store's, so
/// that edits made while running survive; what it did change is the file's; what only the store has stays.</summary>
internal sealed class SettingsOpening(ConfigReading file, SettingsParts parts, SettingsReader reader)
{
    private readonly Findings _findings = new();
    private readonly List<ObjectChange> _changes = [];
    private readonly Dictionary<string, ProviderDocument> _kept = new(StringComparer.OrdinalIgnoreCase);
    private Dictionary<(string Kind, string Id), StoredObject> _stored = [];

    public async Task<OpenedSettings> OpenAsync(CancellationToken cancel)
    {
        var stored = new List<StoredObject>();
        if (parts.Store is { } kept)
        {
            await kept.ReadAsync(ObjectKinds.Settings, stored.Add, cancel);
        }

        _stored = stored.ToDictionary(s => (s.Kind, s.Id));
        var state = new SettingsState();
        try
        {
            Keep(stored);
            state = Prices(stored, Providers(Auth(Proxy(Client(state)))));
        }
        catch (CryptographicException)
        {
            _findings.Mistake(
                "encryption_key",
                "does not open the secrets in the store: they were sealed with another. Start with the key they were sealed with."
            );
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or JsonException or InvalidOperationException)
        {
            _findings.Mistake("", $"The store holds settings that cannot be read: {unreadable.Message}");
        }

        if (_findings.Mistakes.Count > 0)
        {
            return new OpenedSettings(null, _findings.Mistakes, _findings.Warnings);
        }

        if (parts.Store is { } store && _changes.Count > 0)
        {
            await store.SaveAsync(_changes, cancel);
        }

        return new OpenedSettings(new GatewaySettings(parts, reader, state), [], _findings.Warnings);
    }

    private void Keep(IReadOnlyList<StoredObject> stored)
    {
        var keys = stored
            .Where(s => s.Kind == ObjectKinds.ProviderKey)
            .Select(s => StoredKeys.Read(s, parts.Box))
            .ToLookup(k => k.Provider);
        foreach (var provider in stored.Where(s => s.Kind == ObjectKinds.Provider))
        {
            _kept[provider.Id] = new ProviderDocument(
                provider.Id,
                Document(provider, PublishedShape.Provider),
                [.. keys[provider.Id].OrderBy(k => k.Position).Select(k => k.Key)],
                provider.FileHash is null ? Origin.Api : Origin.File
            )
            {
                FileHash = provider.FileHash,
            };
        }
    }

    private SettingsState Client(SettingsState state)
    {
        var (document, hash) = Single(ObjectKinds.Client, file.File?.Client, PublishedShape.Client);
        var here = new Findings();
        var (client, unpriced) = reader.Client(document, here);
        Take(here, "client");
        return state with { ClientDocument = document, ClientHash = hash, Client = client, UnpricedModels = unpriced };
    }

    private SettingsState Proxy(SettingsState state)
    {
        var (document, hash) = Single(ObjectKinds.Proxy, null, OperatorShape.Proxy);
        var here = new Findings();
        var proxy = ProxyReader.Read(reader.Walk(document, OperatorShape.Proxy, here), here);
        Take(here, "proxy_config");
        return state with { ProxyDocument = document, ProxyHash = hash, Proxy = proxy };
    }

    private SettingsState Auth(SettingsState state)
    {
        var stored = _stored.GetValueOrDefault((ObjectKinds.Auth, ObjectKinds.Auth));
        var kept = stored is null ? [] : Document(stored, null);
        var hash = stored?.FileHash;
        if (file.File?.Auth is { } written)
        {
            (kept, hash) = AuthInFile(written, stored is null ? null : kept, hash);
        }

        var here = new Findings();
        var auth = AuthReader.Read(reader.Walk(AuthReader.Published(kept), OperatorShape.Auth, here), kept, parts.Passwords, here);
        Take(here, "auth_config");
        return state with { AuthDocument = kept, AuthHash = hash, Auth = auth };
    }

    // A hash of the password itself would be a gift to whoever steals the database, so the slow one tells whether the file has changed it.
    private (JsonObject Kept, string Hash) AuthInFile(JsonObject written, JsonObject? kept, string? keptHash)
    {
        var rest = written.DeepClone().AsObject();
        var password = rest[AuthReader.Password]?.GetValue<string>();
        var inClear = password is not null && !SecretFields.IsReference(password);
        if (inClear)
        {
            rest[AuthReader.Password] = "";
        }

        var hash = JsonText.HashOf(rest);
        var before = kept?[AuthReader.HashInFile]?.GetValue<string>();
        if (kept is not null && hash == keptHash && (!inClear || (before is not null && parts.Passwords.Verify(password!.Trim(), before))))
        {
            return (kept, hash);
        }

        var taken = AuthReader.Kept(written, parts.Passwords);
        if (inClear)
        {
            taken[AuthReader.HashInFile] = taken[AuthReader.Hash]!.DeepClone();
        }

        _changes.Add(new ObjectChange(new StoredObject(ObjectKinds.Auth, ObjectKinds.Auth, JsonText.Bytes(taken), hash)));
        return (taken, hash);
    }

    private SettingsState Providers(SettingsState state)
    {
        foreach (var (name, written) in file.File?.Providers ?? [])
        {
            var kept = _kept.GetValueOrDefault(name);
            _kept.Remove(name);
            var document = ProviderReconciliation.Of(name, written, kept);
            Save(document, kept);
            state = Read(state, document);
        }

        foreach (var kept in _kept.Values)
        {
            state = Read(state, kept with { Origin = Origin.Api });
        }

        foreach (var kind in reader.Kinds.Where(k => !state.Providers.ContainsKey(k.Id)))
        {
            if (file.Config.Providers.TryGetValue(kind.Id, out var found))
            {
                state = state.With(Found(kind, found));
            }
        }

        return state;
    }

    private static ProviderDocument Found(Provider kind, ProviderConfig config)
    {
        var document = ProviderReconciliation.Of(kind.Id, ZeroConfig.Written(kind, config), null);
        return document with
        {
            FileHash = null,
            Origin = Origin.Environment,
            Keys = [.. document.Keys.Select(k => k with { FileHash = null })],
            Config = config with { Keys = [.. config.Keys.Select((k, at) => k with { Id = document.Keys[at].Id })] },
        };
    }

    private SettingsState Read(SettingsState state, ProviderDocument document)
    {
        var here = new Findings();
        var read = reader.Provider(document, null, here, JsonPath.Member("providers", document.Name));
        if (read.Config is null)
        {
            var trouble = here.Mistakes.Count > 0 ? here.Mistakes[0].ToString() : "It is not served by this version of Bifrost.";
            _findings.Warning($"The provider `{document.Name}`, as it is kept in the store, cannot be used: {trouble}");
            read = read with { Trouble = trouble };
        }

        return state.With(read);
    }

    private void Save(ProviderDocument document, ProviderDocument? kept)
    {
        if (!ReferenceEquals(kept?.Body, document.Body))
        {
            Write(ObjectKinds.Provider, document.Name, document.Body, PublishedShape.Provider, document.FileHash);
        }

        for (var position = 0; position < document.Keys.Length; position++)
        {
            var before = kept?.Keys.ElementAtOrDefault(position);
            if (!ReferenceEquals(before, document.Keys[position]))
            {
                _changes.Add(new ObjectChange(StoredKeys.Write(document.Name, position, document.Keys[position], parts.Box)));
            }
        }

        foreach (var gone in (kept?.Keys ?? []).Where(k => document.Keys.All(d => d.Id != k.Id)))
        {
            _changes.Add(new ObjectChange(new StoredObject(ObjectKinds.ProviderKey, gone.Id, default, null), Delete: true));
        }
    }

    private SettingsState Prices(IReadOnlyList<StoredObject> stored, SettingsState state)
    {
        var documents = stored
            .Where(s => s.Kind == ObjectKinds.PriceOverride)
            .ToDictionary(s => s.Id, s => (Body: Document(s, null), s.FileHash), StringComparer.Ordinal);
        foreach (var written in file.File?.Prices ?? [])
        {
            var hash = JsonText.HashOf(written);
            var body = written.DeepClone().AsObject();
            body.Remove("id");
            var id = written["id"]?.GetValue<string>() ?? JsonText.StableId("price_override", body["name"]?.GetValue<string>() ?? hash);
            if (documents.GetValueOrDefault(id).FileHash != hash)
            {
                documents[id] = (body, hash);
                Write(ObjectKinds.PriceOverride, id, body, null, hash);
            }
        }

        foreach (var (id, (body, hash)) in documents)
        {
            var here = new Findings();
            if (reader.Price(id, body, here) is { } price)
            {
                state = state with { Prices = state.Prices.SetItem(id, price with { FileHash = hash }) };
            }

            Take(here, $"pricing_overrides.{id}");
        }

        return state;
    }

    private (JsonObject Document, string? Hash) Single(string kind, JsonObject? written, Section shape)
    {
        var stored = _stored.GetValueOrDefault((kind, kind));
        if (written is null || (stored is not null && stored.FileHash == JsonText.HashOf(written)))
        {
            return (stored is null ? [] : Document(stored, shape), stored?.FileHash);
        }

        var hash = JsonText.HashOf(written);
        Write(kind, kind, written, shape, hash);
        return (written, hash);
    }

    private void Write(string kind, string id, JsonObject document, Section? shape, string? hash) =>
        _changes.Add(
            new ObjectChange(
                new StoredObject(kind, id, JsonText.Bytes(shape is null ? document : SecretFields.Sealed(document, shape, parts.Box)), hash)
            )
        );

    private JsonObject Document(StoredObject stored, Section? shape)
    {
        var document = JsonText.ToObject(stored.Json) ?? throw new InvalidDataException($"{stored.Kind} {stored.Id} is not an object.");
        return shape is null ? document : SecretFields.Opened(document, shape, parts.Box);
    }

    // Warnings were given when the file was read; what comes from the store was warned of when it was set.
    private void Take(Findings here, string path)
    {
        foreach (var mistake in here.Mistakes)
        {
            _findings.Mistake(mistake.Path.Length == 0 ? path : $"{path}.{mistake.Path}", mistake.Message);
        }
    }
}
