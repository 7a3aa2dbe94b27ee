namespace Bifrost.Governance.Registry;

/// <summary>Where callers, made once, look up who is above them now.</summary>
internal sealed class OwnerBook
{
    private volatile RegistryState? _now;

    /// <summary>Null before anything was read.</summary>
    public RegistryState? Now
    {
        get => _now;
        set => _now = value;
    }
}
