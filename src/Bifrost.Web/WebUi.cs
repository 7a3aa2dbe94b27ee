using Bifrost.Web.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Bifrost.Web;

/// <summary>The Web UI: everything under <c>/ui</c>, and the root, which leads there. It knows the gateway only by its front door, through which it asks
/// what its visitor may ask. Nothing is made before somebody opens a page. Thread-safe.</summary>
/// <param name="front">The gateway's front door.</param>
/// <param name="logs">Where it writes what goes wrong.</param>
/// <param name="clock">Tells the time.</param>
public sealed class WebUi(RequestDelegate front, ILoggerFactory logs, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Where the pages are.</summary>
    public const string Root = "/ui";

    private readonly Lock _gate = new();
    private Task<PageHost>? _host;

    /// <summary>Whether a path is answered here.</summary>
    public static bool Owns(PathString path) =>
        path == "/" || path == "/favicon.ico" || path.StartsWithSegments(Root, StringComparison.Ordinal);

    /// <summary>Whether a path is that of a file which pages need: it is answered from memory, and nothing is waited for.</summary>
    public static bool IsAsset(PathString path) =>
        path.StartsWithSegments(Root, StringComparison.Ordinal, out var rest) && Asset.Find(rest.Value!) is not null;

    /// <summary>Answers with a page, a part of one, or what makes it live.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        PageHeaders.Write(http);
        if (!http.Request.Path.StartsWithSegments(Root, out var rest))
        {
            http.Response.Redirect(http.Request.Path == "/" ? $"{Root}/" : $"{Root}/{Asset.Icon}");
            return;
        }

        // A form is sent to signing in only. What keeps a page live says where it comes from if it is a page's.
        var isForm = HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType;
        if (Origins.IsForeign(http.Request) || (isForm && !Origins.IsVouchedFor(http.Request)))
        {
            http.Response.StatusCode = 403;
            return;
        }

        if (Asset.Find(rest.Value!) is { } asset)
        {
            await asset.SendAsync(http);
            return;
        }

        await (await HostAsync()).AnswerAsync(http);
    }

    /// <summary>Ends all that is open.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_host is { } started)
        {
            await (await started).DisposeAsync();
        }
    }

    private Task<PageHost> HostAsync()
    {
        lock (_gate)
        {
            return _host ??= PageHost.StartAsync(front, logs, clock);
        }
    }
}
