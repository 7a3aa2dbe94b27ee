using System.Data.Common;
using System.Text.Json;
using Bifrost.Admin.Sessions;
using Bifrost.Configuration;
using Bifrost.Core.Accept;
using Bifrost.Core.World;
using Bifrost.Observability.Stores;
using Microsoft.Extensions.Logging;

namespace Bifrost.Admin.Http;

/// <summary>Answers a management request: finds the route, asks who is there, reads what is asked, and writes what comes of it.</summary>
internal sealed class Desk(RouteTable routes, Gate gate, ILogger log, TimeProvider clock)
{
    /// <summary>For a whole request, its body included.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly JsonWriterOptions Written = new() { Indented = false };

    public IReadOnlyList<Route> Routes => routes.All;

    public async Task AnswerAsync(HttpContext http)
    {
        var began = clock.GetTimestamp();
        SecurityHeaders.Write(http);
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, patience.Token);
        Reply reply;
        try
        {
            reply = await ReplyAsync(http, both.Token);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException)
        {
            reply = Reply.Refused(503, $"This took longer than {Patience.TotalSeconds} s and was given up.");
        }
        catch (InvalidDataException)
        {
            reply = Reply.Bad("body", "cannot be unpacked. Is Content-Encoding right?");
        }
        catch (BadHttpRequestException broken)
        {
            reply = Reply.Refused(broken.StatusCode, broken.Message);
        }
        catch (Exception down)
            when (down is LogStoreUnavailableException or DbException or IOException or TimeoutException
                || down.InnerException is DbException
            )
        {
            AdminLog.StoreDown(log, IdOf(http), http.Request.Method, http.Request.Path, down);
            reply = Reply.Refused(
                503,
                "The database does not answer. Nothing was changed. What the database said is in the gateway's own log; try again when it is back."
            );
        }
#pragma warning disable CA1031 // The outermost edge: a bug in one route must not take the connection, or tell the caller about our insides.
        catch (Exception bug)
#pragma warning restore CA1031
        {
            AdminLog.Failed(log, IdOf(http), http.Request.Method, http.Request.Path, bug);
            reply = Reply.Refused(500, "Something went wrong here. The gateway's own log says what, not the log of requests.");
        }

        await WriteAsync(http, reply);
        if (http.Request.Path != "/health")
        {
            AdminLog.Answered(
                log,
                IdOf(http),
                http.Request.Method,
                http.Request.Path,
                http.Response.StatusCode,
                clock.GetElapsedTime(began).TotalMilliseconds
            );
        }
    }

    // The door gave it.
    private static string? IdOf(HttpContext http) => http.Response.Headers[RequestIds.Header];

    private async Task<Reply> ReplyAsync(HttpContext http, CancellationToken cancel)
    {
        var request = http.Request;
        var match = routes.Find(request.Method, request.Path.Value!);
        var (identity, refusal) = await gate.AdmitAsync(http, match?.Route?.Guard ?? Guard.Session, cancel);
        if (refusal is not null)
        {
            if (refusal.Status == 401)
            {
                http.Response.Headers.WWWAuthenticate = "Bearer realm=\"bifrost\"";
            }

            return refusal;
        }

        if (match is null)
        {
            return Reply.Refused(404, "There is nothing at this address. /api/reference lists what there is.");
        }

        if (match.Route is not { } route)
        {
            http.Response.Headers.Allow = string.Join(", ", match.Methods);
            return Reply.Refused(405, $"{Shown.Quoted(request.Method)} is not possible here. Use {string.Join(", ", match.Methods)}.");
        }

        if (WrongQuery(request, route) is { Count: > 0 } wrong)
        {
            return Reply.Bad(wrong);
        }

        if (!RequestBody.KnowsPacking(request))
        {
            return Reply.Refused(415, "The body is packed in a way that is not known here. Use gzip, deflate or br.");
        }

        var (body, unread) = await RequestBody.ReadAsync(http, route, cancel);
        return unread ?? await route.Handle(new Call(http, match, identity, cancel) { Body = body });
    }

    private static List<Mistake> WrongQuery(HttpRequest request, Route route) =>
        [
            .. request
                .Query.Keys.Where(name => !route.Query.Any(p => p.Admits(name)))
                .Select(name => new Mistake(
                    Shown.Short(name),
                    $"there is no such parameter here.{NearMiss.Question(name, route.Query.Select(p => p.Name))}"
                )),
        ];

    private async Task WriteAsync(HttpContext http, Reply reply)
    {
        var response = http.Response;
        response.StatusCode = reply.Status;
        response.ContentType = reply.ContentType;
        if (reply.Version is { } version)
        {
            response.Headers.ETag = version;
        }

        if (reply.RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (reply.ContentEncoding is { } encoding)
        {
            response.Headers.ContentEncoding = encoding;
        }

        if (reply.Policy is { } policy)
        {
            response.Headers.ContentSecurityPolicy = policy;
        }

        if (reply.FileName is { } file)
        {
            response.Headers.ContentDisposition = $"attachment; filename=\"{file}\"";
        }

        if (reply.Stream is { } stream)
        {
            if (!HttpMethods.IsHead(http.Request.Method))
            {
                await StreamAsync(http, stream);
            }

            return;
        }

        var bytes = reply.Raw ?? Serialized(reply);
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(bytes, http.RequestAborted);
        }
    }

    /// <summary>What breaks off in the middle must look broken to whoever reads it, and not like the end.</summary>
    private async Task StreamAsync(HttpContext http, Func<HttpContext, CancellationToken, Task> stream)
    {
        try
        {
            await stream(http, http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there any more.
        }
#pragma warning disable CA1031 // The outermost edge of an answer that has begun: all that can still be done is to cut it off and write down why.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            AdminLog.BrokenOff(log, IdOf(http), http.Request.Method, http.Request.Path, broken);
            http.Abort();
        }
    }

    private static ReadOnlyMemory<byte> Serialized(Reply reply)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Written))
        {
            reply.Body!.WriteTo(writer);
        }

        return bytes.ToArray();
    }
}
