using Bifrost.Wire.Faults;

namespace Bifrost.Core.Contracts;

/// <summary>Who is calling, as far as the gateway knows: the owner of a virtual key, with what it may use. Immutable; one instance serves many
/// exchanges at once.</summary>
public abstract class Caller
{
    /// <summary>The virtual key's id; never its value.</summary>
    public abstract string Id { get; }

    public abstract string Name { get; }

    // Whose it is, for records. Null: nobody is known.
    public virtual string? TeamId => null;

    public virtual string? BusinessUnitId => null;

    /// <summary>The nearest customer above it.</summary>
    public virtual string? CustomerId => null;

    public virtual string? UserId => null;

    /// <summary>Whether what is said may be kept in the request log. Null: as the gateway is set.</summary>
    public virtual bool? KeepsContent => null;

    /// <summary>What it may use, provider by provider, in the order written. Null: every provider and model. Empty: none.</summary>
    public abstract IReadOnlyList<ProviderAccess>? Providers { get; }

    /// <summary>Why it may not call at all at this time (switched off, expired), or null.</summary>
    public abstract Fault? Refusal(DateTimeOffset now);

    /// <summary>What it may use at a provider; null when nothing.</summary>
    public ProviderAccess? AccessTo(string provider)
    {
        if (Providers is not { } listed)
        {
            return ProviderAccess.Unrestricted;
        }

        for (var i = 0; i < listed.Count; i++)
        {
            if (string.Equals(listed[i].Provider, provider, StringComparison.OrdinalIgnoreCase))
            {
                return listed[i];
            }
        }

        return null;
    }
}

/// <summary>Finds callers by the virtual key they show. Asked once for every request: touches memory only, any thread.</summary>
public interface ICallers
{
    /// <summary>Null when there is no such key. A rotated key's old value finds its caller until the grace period ends.</summary>
    Caller? Find(string virtualKey, DateTimeOffset now);
}
