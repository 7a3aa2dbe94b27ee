using Microsoft.AspNetCore.Http;

namespace Bifrost.Web.Hosting;

/// <summary>Keeps other sites' pages out: a WebSocket may be opened from anywhere, and says only from where.</summary>
internal static class Origins
{
    /// <summary>What is sent to change something must come from a page of ours, and its browser must say so.</summary>
    public static bool IsVouchedFor(HttpRequest request) =>
        !IsForeign(request) && (request.Headers.Origin.Count > 0 || request.Headers["Sec-Fetch-Site"] == "same-origin");

    public static bool IsForeign(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !(
            Uri.TryCreate(origin, UriKind.Absolute, out var uri)
            && (
                string.Equals(uri.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase)
                // A proxy may name the port that the scheme implies.
                || (
                    uri.IsDefaultPort
                    && request.Host.Port == uri.Port
                    && string.Equals(uri.Host, request.Host.Host, StringComparison.OrdinalIgnoreCase)
                )
            )
        );
}
