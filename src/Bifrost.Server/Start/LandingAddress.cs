using System.Net;

namespace Bifrost.Server.Start;

/// <summary>The address a visitor sees in the examples: the one they came by, if it can be trusted to be one.</summary>
internal static class LandingAddress
{
    // A host name of DNS is no longer than this; the port adds six.
    private const int Longest = 253 + 6;

    /// <param name="hostHeader">As received: anybody can write anything there.</param>
    /// <param name="listening">Where the server listens; used when the header says nothing sensible.</param>
    /// <param name="publicUrl">Where the world reaches it, or null: then the scheme is known although a proxy ends TLS.</param>
    /// <returns>Scheme, host and port, without a slash at the end; made of letters, digits and <c>. - : [ ]</c> only.</returns>
    public static string For(string? hostHeader, Uri listening, Uri? publicUrl)
    {
        if (hostHeader is null || !IsHost(hostHeader))
        {
            return Banner.Reachable(listening);
        }

        return publicUrl is not null && publicUrl.Authority.Equals(hostHeader, StringComparison.OrdinalIgnoreCase)
            ? publicUrl.GetLeftPart(UriPartial.Authority)
            : $"{listening.Scheme}://{hostHeader}";
    }

    private static bool IsHost(string text)
    {
        if (text.Length is 0 or > Longest || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or ':' or '[' or ']'))
        {
            return false;
        }

        var portAt = text.LastIndexOf(':');
        var hasPort = portAt > text.LastIndexOf(']');
        var host = hasPort ? text[..portAt] : text;
        return (!hasPort || (ushort.TryParse(text.AsSpan(portAt + 1), out var port) && port > 0))
            && (
                host.StartsWith('[')
                    ? host.EndsWith(']') && IPAddress.TryParse(host, out _)
                    : Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4
            );
    }
}
