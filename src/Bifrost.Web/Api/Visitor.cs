using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Bifrost.Web.Api;

/// <summary>Who looks at the page: what its browser showed when it asked for the page, or for the connection that keeps it live.</summary>
internal sealed class Visitor
{
    /// <summary>Set by the page's own script: the browser's time zone, its name and the minutes it is ahead of UTC.</summary>
    public const string ZoneCookie = "bf-zone";

    // The cookie that signs in, and what tells how the request came: it decides whether the visitor sits at this machine.
    private static readonly string[] Shown =
    [
        "Cookie",
        "Authorization",
        "Host",
        "X-Forwarded-For",
        "X-Forwarded-Proto",
        "Forwarded",
        "Via",
        "X-Real-IP",
    ];

    private readonly Dictionary<string, StringValues> _headers = [];

    public Visitor(IHttpContextAccessor accessor)
    {
        if (accessor.HttpContext is not { } http)
        {
            return;
        }

        foreach (var name in Shown)
        {
            if (http.Request.Headers.TryGetValue(name, out var value))
            {
                _headers[name] = value;
            }
        }

        Scheme = http.Request.Scheme;
        Host = http.Request.Host.Value ?? "localhost";
        Address = http.Connection.RemoteIpAddress;
        LocalAddress = http.Connection.LocalIpAddress;
        LocalPort = http.Connection.LocalPort;
        IsLive = http.WebSockets.IsWebSocketRequest || http.Request.Path.StartsWithSegments("/_blazor", StringComparison.Ordinal);
        Zone = ZoneOf(http.Request.Cookies[ZoneCookie]);
    }

    public string Scheme { get; } = "http";

    public string Host { get; } = "localhost";

    public IPAddress? Address { get; }

    public IPAddress? LocalAddress { get; }

    public int LocalPort { get; }

    /// <summary>False while a page is made for the first time, before its connection stands.</summary>
    public bool IsLive { get; }

    public TimeZoneInfo Zone { get; } = TimeZoneInfo.Utc;

    /// <summary>Marks a request as this visitor's. As a caller of inference it shows no administrator's cookie.</summary>
    public void Sign(IHeaderDictionary headers, bool asManager)
    {
        foreach (var (name, value) in _headers)
        {
            if (asManager || name is not ("Cookie" or "Authorization"))
            {
                headers[name] = value;
            }
        }

        if (asManager)
        {
            headers["X-Requested-With"] = "bifrost-ui";
        }
    }

    private static TimeZoneInfo ZoneOf(string? cookie)
    {
        var parts = Uri.UnescapeDataString(cookie ?? "").Split('|');
        if (parts.Length != 2 || !int.TryParse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minutes))
        {
            return TimeZoneInfo.Utc;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(parts[0], out var zone))
        {
            return zone;
        }

        // The machine has no list of zones: what holds now is the best guess.
        return Math.Abs(minutes) > 14 * 60
            ? TimeZoneInfo.Utc
            : TimeZoneInfo.CreateCustomTimeZone("browser", TimeSpan.FromMinutes(minutes), "browser", "browser");
    }
}
