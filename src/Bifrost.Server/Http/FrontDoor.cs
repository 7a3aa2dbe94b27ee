using Bifrost.Admin;
using Bifrost.Core;
using Bifrost.Core.Accept;
using Bifrost.Core.Threads;
using Bifrost.Web;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;

namespace Bifrost.Server.Http;

/// <summary>The first and only handler: inference goes down the corridor, the few other addresses are answered here.</summary>
internal sealed class FrontDoor(Composition parts, HostSettings settings, AdminSurface? admin, CancellationToken stopping)
{
    /// <summary>The pages, which come in by this door too; null when there are none.</summary>
    public WebUi? Ui { get; set; }

    public Task EnterAsync(HttpContext http)
    {
        var request = http.Request;
        // The corridor names its own exchanges.
        if (!Corridor.Owns(request.Path) || stopping.IsCancellationRequested)
        {
            http.Response.Headers[RequestIds.Header] = RequestIds.Of(request, TimeProvider.System);
        }

        if (request.Headers.Origin.Count > 0 && CrossOrigin.Answer(http, parts.World.Now.Client))
        {
            return Task.CompletedTask;
        }

        if (stopping.IsCancellationRequested)
        {
            http.Response.Headers.Connection = "close";
            return RefuseAsync(http, new Fault(FaultKind.ShuttingDown, "The gateway is stopping. Try again in a moment."));
        }

        if (settings.Simulated)
        {
            http.Response.Headers["x-bf-simulated"] = "true";
        }

        if (Corridor.Owns(request.Path))
        {
            return parts.Corridor.WalkAsync(http);
        }

        // What a page needs is in memory, and must not queue behind what that page asks the database.
        return Ui is not null && WebUi.IsAsset(request.Path) ? Ui.AnswerAsync(http) : PoolScheduler.RunAsync(() => OffCorridorAsync(http));
    }

    private Task OffCorridorAsync(HttpContext http) =>
        admin is not null && AdminSurface.Owns(http.Request.Path) ? admin.AnswerAsync(http)
        : Ui is not null && WebUi.Owns(http.Request.Path) ? Ui.AnswerAsync(http)
        : ElsewhereAsync(http);

    private Task ElsewhereAsync(HttpContext http) =>
        http.Request.Path.Value switch
        {
            "/health" => WriteAsync(http, 200, "application/json", """{"status":"ok"}"""u8.ToArray()),
            "/webhooks/replicate" when HttpMethods.IsPost(http.Request.Method) => parts.Providers.Replicate.Webhook(http),
            _ => RefuseAsync(
                http,
                new Fault(FaultKind.NotFound, $"There is nothing at this address. The API is under /v1, /openai/v1 and /openai.")
                {
                    Code = "unknown_url",
                }
            ),
        };

    private static Task RefuseAsync(HttpContext http, Fault fault)
    {
        using var body = new PooledBuffer(512);
        OpenAIFaults.WriteBody(fault, body);
        return WriteAsync(http, fault.Status, "application/json", body.Memory.ToArray());
    }

    private static async Task WriteAsync(HttpContext http, int status, string? type, ReadOnlyMemory<byte> body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        if (status != 204)
        {
            http.Response.ContentLength = body.Length;
        }

        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
        }
    }
}
