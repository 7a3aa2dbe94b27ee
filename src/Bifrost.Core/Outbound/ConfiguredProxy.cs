using System.Net;
using Bifrost.Core.World;

namespace Bifrost.Core.Outbound;

/// <summary>The operator's proxy, as the framework asks for it.</summary>
internal sealed class ConfiguredProxy(ProxyConfig config) : IWebProxy
{
    public ICredentials? Credentials { get; set; } =
        config.Username is { } name ? new NetworkCredential(name, config.Password.Reveal()) : null;

    public Uri? GetProxy(Uri destination) => config.Address;

    public bool IsBypassed(Uri host)
    {
        if (host.IsLoopback)
        {
            return true;
        }

        foreach (var entry in config.Bypass)
        {
            if (entry == "*" || Names(entry, host.Host))
            {
                return true;
            }
        }

        return false;
    }

    // "example.com", ".example.com" and "*.example.com" are all in use for a domain.
    private static bool Names(string entry, string host)
    {
        var domain = entry.AsSpan().TrimStart('*').TrimStart('.');
        return host.AsSpan().Equals(domain, StringComparison.OrdinalIgnoreCase)
            || (
                host.Length > domain.Length
                && host[^(domain.Length + 1)] == '.'
                && host.AsSpan(host.Length - domain.Length).Equals(domain, StringComparison.OrdinalIgnoreCase)
            );
    }
}
