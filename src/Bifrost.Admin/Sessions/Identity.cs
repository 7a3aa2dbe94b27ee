namespace Bifrost.Admin.Sessions;

/// <summary>Who asks, and what that was seen by.</summary>
/// <param name="Means">How it was shown.</param>
/// <param name="SessionId">The session's id (a hash, not its token), or null.</param>
internal sealed record Identity(Means Means, string? SessionId = null)
{
    /// <summary>The whole virtual key that was shown, where a route wants one.</summary>
    public string? VirtualKey { get; init; }

    public static Identity Nobody { get; } = new(Means.None);

    public bool IsOperator => Means is Means.Cookie or Means.Bearer or Means.Basic or Means.ThisMachine;
}

internal enum Means
{
    None,
    Cookie,
    Bearer,
    Basic,
    Ticket,

    /// <summary>There is no account, and the request comes from this machine.</summary>
    ThisMachine,
}
