using System.Net.WebSockets;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Admin.Sessions;
using Bifrost.Core.World;
using Bifrost.Observability.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.AspNetCore.WebSockets;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Bifrost.Admin.Logs.Live;

/// <summary>Rows as they come, to whoever watches: over a WebSocket, or as server-sent events.</summary>
internal sealed class LiveRoutes(
    LogParts log,
    Func<string, bool> sessionIsOpen,
    ILoggerFactory logs,
    TimeProvider clock,
    CancellationToken closing
)
{
    /// <summary>Each row is compared with the filter of each of them.</summary>
    public const int MostWatchers = 100;

    private const string Messages =
        "`{type: \"log\", operation: \"create\", payload}` for each request that ends, its row as in the list; `{type: \"missed\", data: {count}}` "
        + "when the reader was too slow for that many.";

    // A filter on words would need the content, which is not there yet.
    private static readonly IReadOnlyList<Parameter> Query =
    [
        .. FilterReading.Parameters.Where(static p => p.Name is not (FilterReading.Words or "start_time" or "end_time")),
        new("ticket", "Of `/api/session/ws-ticket`, where neither cookie nor header can be sent.", FieldKind.Text),
    ];

    private readonly IOptions<WebSocketOptions> _sockets = Options.Create(
        new WebSocketOptions { KeepAliveInterval = LiveWatch.Beat, KeepAliveTimeout = LiveWatch.Beat }
    );

    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/logs/live", "Requests as they end, as server-sent events.", call => Task.FromResult(Answer(call, Events)))
            {
                Group = LogRoutes.Group,
                Guard = Guard.Ticket,
                Query = Query,
                Answer = Messages,
                Refusals = [400, 503],
            },
            new("GET", "/ws", "Requests as they end, over a WebSocket. What is sent to it is ignored.", SocketAsync)
            {
                Group = LogRoutes.Group,
                Guard = Guard.Ticket,
                Query = Query,
                Status = StatusCodes.Status101SwitchingProtocols,
                Answer = Messages,
                Refusals = [400, 426, 503],
            },
        ];

    private Task<Reply> SocketAsync(Call call)
    {
        var headers = call.Http.Request.Headers;
        var asks =
            headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase)
            && headers.SecWebSocketKey.ToString().Length == 24;
        if (asks)
        {
            return Task.FromResult(Answer(call, Socket));
        }

        call.Http.Response.Headers.Upgrade = "websocket";
        return Task.FromResult(
            Reply.Refused(426, "This is a WebSocket. Open it as one; /api/logs/live tells the same as server-sent events.")
        );
    }

    private Reply Answer(Call call, Func<Identity, LogFilter, Reply> watch)
    {
        var mistakes = new List<Mistake>();
        var filter = FilterReading.Of(call, mistakes);
        return mistakes.Count > 0 ? Reply.Bad(mistakes)
            : log.Feed.Watchers >= MostWatchers
                ? Reply.Refused(503, $"{MostWatchers} are watching, and there is no room for more. Close one that is not needed.")
            : watch(call.Identity, filter);
    }

    private Reply Events(Identity identity, LogFilter filter) =>
        new(StatusCodes.Status200OK, null)
        {
            ContentType = "text/event-stream",
            Stream = async (http, left) =>
            {
                // Its own deadline takes the place of a rate: a watcher may have nothing to read for hours.
                if (http.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
                {
                    rate.MinDataRate = null;
                }

                await WatchAsync(new LiveEvents(http), identity, filter, left);
            },
        };

    private Reply Socket(Identity identity, LogFilter filter) =>
        new(StatusCodes.Status101SwitchingProtocols, null)
        {
            ContentType = "",
            // For this address alone: in front of all others it would cost every request something.
            Stream = (http, left) =>
                new WebSocketMiddleware(opened => AcceptAsync(opened, identity, filter, left), _sockets, logs).Invoke(http),
        };

    private async Task AcceptAsync(HttpContext http, Identity identity, LogFilter filter, CancellationToken left)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(left);
        var line = new LiveSocket(socket, gone);
        await WatchAsync(line, identity, filter, gone.Token);
        await line.GoneAsync();
    }

    private async Task WatchAsync(ILiveLine line, Identity identity, LogFilter filter, CancellationToken left)
    {
        using var watcher = log.Feed.Watch(filter);
        await new LiveWatch(watcher, line, () => identity.SessionId is not { } id || sessionIsOpen(id), clock).RunAsync(left, closing);
    }
}
