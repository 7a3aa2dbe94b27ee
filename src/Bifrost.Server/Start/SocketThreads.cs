namespace Bifrost.Server.Start;

/// <summary>The threads on which the runtime waits for sockets.</summary>
internal static class SocketThreads
{
    // Read once, when the first socket is used; there is no other way to say it.
    // https://github.com/dotnet/runtime/blob/main/src/libraries/System.Net.Sockets/src/System/Net/Sockets/SocketAsyncEngine.Unix.cs
    private const string Inline = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Lets them run what waited for the sockets, where it would be handed to a thread of the pool each time: at real rates waking that thread costs
    /// more than all a gateway does (decision 0020). To be called before the first socket. What an operator has set stays.</summary>
    public static void RunContinuations()
    {
        if (Environment.GetEnvironmentVariable(Inline) is null)
        {
            Environment.SetEnvironmentVariable(Inline, "1");
        }
    }
}
