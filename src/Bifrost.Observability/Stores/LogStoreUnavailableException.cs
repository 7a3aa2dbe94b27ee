namespace Bifrost.Observability.Stores;

/// <summary>The log's database cannot be reached, is locked, is full, or does not answer in time. Nothing of what was asked has been kept, as far as anybody
/// can tell; asking again later may work, and a batch may be repeated safely. The message is for operators and holds no secret.</summary>
public sealed class LogStoreUnavailableException : Exception
{
    public LogStoreUnavailableException() { }

    public LogStoreUnavailableException(string message)
        : base(message) { }

    public LogStoreUnavailableException(string message, Exception inner)
        : base(message, inner) { }
}
