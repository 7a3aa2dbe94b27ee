using System.Net;

namespace Bifrost.Admin.Http;

/// <summary>Where a request comes from, as far as a browser cannot be made to lie about it.</summary>
internal static class Provenance
{
    /// <summary>Another site's page has sent this, or a page of this machine that is not ours.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        if (request.Headers.Origin.ToString() is { Length: > 0 } origin)
        {
            return !IsOwn(origin, request);
        }

        return request.Headers["Sec-Fetch-Site"].ToString() is "cross-site" or "same-site";
    }

    /// <summary>Something says that our own page has sent this, or a program that is no browser: a header that no foreign form can send.</summary>
    public static bool IsVouchedFor(HttpRequest request) =>
        !IsForeign(request)
        && (
            request.Headers.Origin.Count > 0
            || request.Headers["Sec-Fetch-Site"].ToString() is "same-origin" or "none"
            || request.Headers["X-Requested-With"].Count > 0
        );

    /// <summary>From this machine, to a name of this machine: a name that an attacker's DNS points at us is none.</summary>
    public static bool IsLocal(HttpContext http) =>
        http.Connection.RemoteIpAddress is { } remote
        && IsLoopback(remote)
        && IsLoopbackName(http.Request.Host.Host)
        && !CameThroughProxy(http.Request.Headers);

    // A proxy on this machine passes on what comes from anywhere.
    private static bool CameThroughProxy(IHeaderDictionary headers) =>
        headers.ContainsKey("X-Forwarded-For")
        || headers.ContainsKey("Forwarded")
        || headers.ContainsKey("Via")
        || headers.ContainsKey("X-Real-IP");

    private static bool IsOwn(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && string.Equals(uri.Authority, Authority(request, uri), StringComparison.OrdinalIgnoreCase);

    // Host leaves the scheme's own port out, and so does Uri.Authority; a proxy may have named it.
    private static string Authority(HttpRequest request, Uri origin) =>
        request.Host.Port == (origin.Scheme == "https" ? 443 : 80) ? request.Host.Host : request.Host.Value ?? "";

    private static bool IsLoopbackName(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IsLoopback(address));

    private static bool IsLoopback(IPAddress address) => IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
