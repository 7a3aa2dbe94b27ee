using Microsoft.AspNetCore.Http;

namespace Bifrost.Web.Hosting;

/// <summary>What every page says to browsers: run only what is ours, frame nothing, guess nothing, tell nobody.</summary>
internal static class PageHeaders
{
    // Pictures and films in answers come from providers' hosts. Inline style attributes size rows of long lists; scripts are files of ours only.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; connect-src 'self'; "
        + "img-src 'self' data: blob: https:; media-src 'self' data: blob: https:; font-src 'self'; "
        + "base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void Write(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XFrameOptions = "DENY";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        // In the words that the framework checks for, or it warns of its own.
        headers.CacheControl = "no-cache, no-store";
        headers.Pragma = "no-cache";
        if (http.Request.IsHttps || http.Request.Headers["X-Forwarded-Proto"] == "https")
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
    }
}
