using System.Net.Security;

namespace Bifrost.Core.Outbound.Http1;

/// <summary>How connections are made and kept.</summary>
public sealed record Http1Options
{
    /// <summary>To one host and port; who comes when all are taken waits. Default: no limit.</summary>
    public int MaxConnections { get; init; } = int.MaxValue;

    /// <summary>For the name, the connection and its encryption together. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Unused for longer, a connection is closed. Default 90 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Older, it is not used again, so that a change of the name's address is followed. Default 5 minutes.</summary>
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Which certificates are trusted.</summary>
    public Action<SslClientAuthenticationOptions> Trust { get; init; } = static _ => { };

    /// <summary>Says how old connections are.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
