namespace Bifrost.Governance.Stores;

/// <summary>Keeps everything the operator has set, each thing as one JSON document. Reads and writes are rare: at the start, and when something is
/// edited. Thread-safe. Every method may throw <see cref="StoreUnavailableException"/>.</summary>
public interface IObjectStore
{
    Task<IReadOnlyList<StoredObject>> LoadAsync(CancellationToken cancel);

    /// <summary>Shows every object of these kinds, one after the other: there may be a hundred thousand, and their documents need not stand in memory
    /// together. What was shown before an exception was there.</summary>
    /// <param name="kinds">Some of <see cref="ObjectKinds"/>, each once.</param>
    /// <param name="see">Called for one object at a time, on any thread.</param>
    /// <param name="cancel">Stops it.</param>
    async Task ReadAsync(IReadOnlyCollection<string> kinds, Action<StoredObject> see, CancellationToken cancel)
    {
        foreach (var stored in await LoadAsync(cancel))
        {
            if (kinds.Contains(stored.Kind))
            {
                see(stored);
            }
        }
    }

    /// <summary>All changes or none, in one transaction, in this order.</summary>
    Task SaveAsync(IReadOnlyList<ObjectChange> changes, CancellationToken cancel);
}

/// <param name="Kind">One of <see cref="ObjectKinds"/>.</param>
/// <param name="Id">Unique within its kind.</param>
/// <param name="Json">UTF-8. Secrets within are sealed (<see cref="ISecretBox"/>).</param>
/// <param name="FileHash">SHA-256 (hex) of what the configuration file said when it was last taken from there, or null.</param>
public sealed record StoredObject(string Kind, string Id, ReadOnlyMemory<byte> Json, string? FileHash);

/// <param name="Object">What it is now.</param>
/// <param name="Delete">It is to go; only kind and id count.</param>
public sealed record ObjectChange(StoredObject Object, bool Delete = false);

/// <summary>The kinds of thing that are kept.</summary>
public static class ObjectKinds
{
    public const string Client = "client";
    public const string Auth = "auth";
    public const string Proxy = "proxy";
    public const string PricePolicy = "price_policy";
    public const string Provider = "provider";
    public const string ProviderKey = "provider_key";
    public const string Customer = "customer";
    public const string BusinessUnit = "business_unit";
    public const string Team = "team";
    public const string User = "user";
    public const string VirtualKey = "virtual_key";
    public const string ModelLimit = "model_limit";
    public const string ProviderLimit = "provider_limit";
    public const string DimensionLimit = "dimension_limit";
    public const string PriceOverride = "price_override";
    public const string Session = "session";

    /// <summary>What governs callers. There may be very many.</summary>
    public static IReadOnlyList<string> Governing { get; } =
    [Customer, BusinessUnit, Team, User, VirtualKey, ModelLimit, ProviderLimit, DimensionLimit];

    /// <summary>What the gateway itself is set to.</summary>
    public static IReadOnlyList<string> Settings { get; } = [Client, Auth, Proxy, PricePolicy, Provider, ProviderKey, PriceOverride];
}

/// <summary>Seals secrets so that whoever holds the database alone holds no secret. Thread-safe.</summary>
public interface ISecretBox
{
    /// <summary>Text that begins with <c>sealed:</c>, holds the id of the key it was sealed with, and is of no use without it.</summary>
    string Seal(string secret);

    /// <summary>What was sealed; text that is not sealed comes back as it is. Throws <see cref="System.Security.Cryptography.CryptographicException"/> when the key is not known or the text was tampered with.</summary>
    string Open(string text);
}
