using Bifrost.Core.World;

namespace Bifrost.Server.Http;

/// <summary>Lets pages of allowed origins call the gateway. Pages of this machine always may.</summary>
internal static class CrossOrigin
{
    private const string Methods = "GET, POST, PUT, DELETE, PATCH, OPTIONS, HEAD";
    private const string AlwaysAllowed = "Content-Type, Authorization, X-Requested-With, X-Stainless-Timeout, X-Api-Key, X-Request-Id";

    /// <summary>Writes the headers; true when the request was a preflight and is answered.</summary>
    public static bool Answer(HttpContext http, ClientConfig client)
    {
        var origin = http.Request.Headers.Origin.ToString();
        var allowed = IsAllowed(origin, client.AllowedOrigins);
        var response = http.Response;
        if (allowed)
        {
            response.Headers.AccessControlAllowOrigin = origin;
            response.Headers.AccessControlExposeHeaders = "*, x-request-id, retry-after";
            response.Headers.Append("Vary", "Origin");
        }

        if (!HttpMethods.IsOptions(http.Request.Method) || http.Request.Headers.AccessControlRequestMethod.Count == 0)
        {
            return false;
        }

        response.StatusCode = allowed ? 200 : 403;
        if (allowed)
        {
            response.Headers.AccessControlAllowMethods = Methods;
            response.Headers.AccessControlAllowHeaders = HeadersFor(http.Request.Headers.AccessControlRequestHeaders.ToString(), client);
            response.Headers.AccessControlMaxAge = "86400";
        }

        return true;
    }

    /// <summary>The published ones, the operator's, and whatever official clients add of their own (<c>x-stainless-*</c>, <c>openai-*</c>, <c>x-bf-*</c>).</summary>
    private static string HeadersFor(string asked, ClientConfig client)
    {
        var headers = new List<string> { AlwaysAllowed };
        headers.AddRange(client.AllowedHeaders);
        foreach (var name in asked.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (
                name.StartsWith("x-stainless-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("openai-", StringComparison.OrdinalIgnoreCase)
                || name.StartsWith("x-bf-", StringComparison.OrdinalIgnoreCase)
            )
            {
                headers.Add(name);
            }
        }

        return string.Join(", ", headers);
    }

    private static bool IsAllowed(string origin, IReadOnlyList<string> allowed)
    {
        if (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.IsLoopback)
        {
            return true;
        }

        foreach (var pattern in allowed)
        {
            if (pattern == "*" || Matches(origin, pattern))
            {
                return true;
            }
        }

        return false;
    }

    // https://*.example.com allows every host below example.com.
    private static bool Matches(string origin, string pattern)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        return star < 0
            ? string.Equals(origin, pattern, StringComparison.OrdinalIgnoreCase)
            : origin.Length > pattern.Length - 1
                && origin.StartsWith(pattern[..star], StringComparison.OrdinalIgnoreCase)
                && origin.EndsWith(pattern[(star + 1)..], StringComparison.OrdinalIgnoreCase)
                && !origin[star..^(pattern.Length - star - 1)].Contains('/', StringComparison.Ordinal);
    }
}
