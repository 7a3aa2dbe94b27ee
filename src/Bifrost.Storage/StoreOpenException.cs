namespace Bifrost.Storage;

/// <summary>The database is there but must not be used as things are: it was written by a newer version, or sealed with another key. The message says what to do.</summary>
public sealed class StoreOpenException : Exception
{
    public StoreOpenException() { }

    public StoreOpenException(string message)
        : base(message) { }

    public StoreOpenException(string message, Exception inner)
        : base(message, inner) { }
}
