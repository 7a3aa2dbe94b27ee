using System.Data.Common;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Documents;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Prices;
using Bifrost.Governance.Stores;

namespace Bifrost.Configuration.Settings;

/// <summary>
/// Everything the operator has set but governance: how callers are treated, providers and their keys, the administrator's account, prices. It may be
/// changed while requests run: an edit is checked as a whole, kept in one transaction, and in force for every new exchange when the call returns; an
/// edit with a mistake changes nothing and lists all of them. Reading never waits. Thread-safe.
/// </summary>
public sealed partial class GatewaySettings : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly SettingsParts _parts;
    private readonly SettingsReader _reader;
    private readonly RetiredConnections _retired;
    private WorldBuilder? _builder;
    private WorldHolder? _world;
    private volatile SettingsState _now;
    private volatile PriceOverrides _prices;

    internal GatewaySettings(SettingsParts parts, SettingsReader reader, SettingsState first)
    {
        _parts = parts;
        _reader = reader;
        _now = first;
        _prices = PricesOf(first);
        _retired = new RetiredConnections(parts.Clock);
    }

    /// <summary>Brings the file and the store together, and writes to the store what the file has changed. What the store throws is thrown on.</summary>
    /// <param name="file">What config.json says, or the environment without one; it has no mistakes.</param>
    /// <param name="parts">What settings stand on.</param>
    /// <param name="environment">The process's environment variables.</param>
    /// <param name="kinds">The kinds of provider that are served.</param>
    /// <param name="notServed">Published names of providers that are not.</param>
    /// <param name="cancel">Stops it.</param>
    public static Task<OpenedSettings> OpenAsync(
        ConfigReading file,
        SettingsParts parts,
        Func<string, string?> environment,
        IReadOnlyList<Provider> kinds,
        IReadOnlyList<string> notServed,
        CancellationToken cancel
    ) => new SettingsOpening(file, parts, new SettingsReader(environment, kinds, notServed)).OpenAsync(cancel);

    /// <summary>Raised after each edit, on the thread of the one who made it; it must be quick and must not throw.</summary>
    public event Action? Changed;

    /// <summary>Settings are kept and may be edited. False: <c>config_store.enabled</c> is false, and every edit is refused.</summary>
    public bool AreKept => _parts.Store is not null;

    /// <summary>What a world is made of now.</summary>
    public GatewayConfig Config => _now.Config;

    public ClientConfig Client => _now.Client;

    /// <summary>Default: allow.</summary>
    public UnpricedModels UnpricedModels => _now.UnpricedModels;

    public AuthSettings Auth => _now.Auth;

    /// <summary>The operator's prices, as the computation of costs takes them. Another instance after each change of them.</summary>
    public PriceOverrides PriceOverrides => _prices;

    /// <summary>What is made of <see cref="Config"/>; null before <see cref="Attach"/>.</summary>
    public GatewayWorld? World => _world?.Now;

    /// <summary>From now on edits are published there.</summary>
    public void Attach(WorldHolder world, WorldBuilder builder)
    {
        _builder = builder;
        _world = world;
    }

    public async ValueTask DisposeAsync()
    {
        await _retired.DisposeAsync();
        _gate.Dispose();
    }

    private async Task<EditOutcome> EditAsync(Func<Draft, EditOutcome?> change, CancellationToken cancel)
    {
        if (_parts.Store is not { } store)
        {
            return EditOutcome.NotKept;
        }

        await _gate.WaitAsync(cancel);
        try
        {
            var draft = new Draft(_now);
            if (change(draft) is { } stopped)
            {
                return stopped;
            }

            if (draft.Findings.Mistakes.Count > 0)
            {
                return EditOutcome.Mistaken(draft.Findings.Mistakes);
            }

            try
            {
                await store.SaveAsync(draft.Changes, cancel);
            }
            catch (Exception down) when (IsStoreTrouble(down))
            {
                return EditOutcome.Failed(
                    EditStatus.StoreDown,
                    $"The store did not take the change, and nothing has changed: {down.Message}"
                );
            }

            Publish(draft.Next);
            return EditOutcome.Done(draft.Findings.Warnings) with { Id = draft.Id };
        }
        finally
        {
            _gate.Release();
        }
    }

    private void Publish(SettingsState next)
    {
        var before = _now;
        _now = next;
        if (!ReferenceEquals(before.Prices, next.Prices) || !ReferenceEquals(before.Providers, next.Providers))
        {
            _prices = PricesOf(next);
        }

        if (_world is { } world && _builder is { } builder)
        {
            var old = world.Now;
            world.Publish(builder.Build(next.Config, old));
            _retired.Add(old, world.Now);
        }

        Changed?.Invoke();
    }

    private StoredObject Stored(string kind, string id, JsonObject document, Section? shape, string? fileHash) =>
        new(kind, id, JsonText.Bytes(shape is null ? document : SecretFields.Sealed(document, shape, _parts.Box)), fileHash);

    // Databases fail in many types; what comes out of a store is a failure of the store unless somebody left.
    private static bool IsStoreTrouble(Exception thrown) =>
        thrown is DbException or IOException or TimeoutException or InvalidOperationException || thrown.InnerException is DbException;

    private static PriceOverrides PricesOf(SettingsState state) =>
        new(state.Providers.Values.SelectMany(p => p.Prices).Concat(state.Prices.Values.Select(p => p.Override)));
}

/// <summary>What settings stand on.</summary>
/// <param name="Store">Where they are kept; null: nowhere, and they cannot be edited.</param>
/// <param name="Box">Seals secrets before they are kept; needed with a store.</param>
/// <param name="Passwords">Hashes the administrator's.</param>
/// <param name="Clock">The time.</param>
public sealed record SettingsParts(IObjectStore? Store, ISecretBox? Box, IPasswordHasher Passwords, TimeProvider Clock);
