namespace Bifrost.Admin.Http;

/// <summary>What every management answer says to browsers: frame nothing, guess nothing, keep nothing.</summary>
internal static class SecurityHeaders
{
    public static void Write(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "strict-origin-when-cross-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        if (IsSecure(http.Request))
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }

    /// <summary>The caller came over https, to us or to the proxy before us.</summary>
    public static bool IsSecure(HttpRequest request) =>
        request.IsHttps || string.Equals(request.Headers["X-Forwarded-Proto"].ToString(), "https", StringComparison.OrdinalIgnoreCase);
}
