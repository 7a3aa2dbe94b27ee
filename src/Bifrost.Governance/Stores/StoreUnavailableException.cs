namespace Bifrost.Governance.Stores;

/// <summary>The database cannot be reached, is locked, is full, or does not answer in time. Nothing of what was asked has been kept, as far as anybody
/// can tell; asking again later may work. The message is for operators and holds no secret.</summary>
public sealed class StoreUnavailableException : Exception
{
    public StoreUnavailableException() { }

    public StoreUnavailableException(string message)
        : base(message) { }

    public StoreUnavailableException(string message, Exception inner)
        : base(message, inner) { }
}
