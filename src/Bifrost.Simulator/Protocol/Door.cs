using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Bifrost.Simulator;

/// <summary>Takes every request: records it, asks the script, checks the token and the rate, answers.</summary>
internal sealed class Door(
    Pace pace,
    SimulatorOptions options,
    Script script,
    SimulatorModels models,
    RequestLog log,
    RateLimits limits,
    Routes routes,
    CancellationToken stopping
)
{
    public async Task HandleAsync(HttpContext http)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        try
        {
            var request = await RecordAsync(http, gone.Token);
            await AnswerAsync(http, request, gone.Token);
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (IOException)
        {
            http.Abort();
        }
        catch (Exception bug) when (!http.Response.HasStarted)
        {
            // There is no log to read; an error of ours must reach whoever runs the test.
            await SendAsync(http, Reply.Text(500, "Error in the simulator: " + bug, "text/plain; charset=utf-8"), gone.Token);
        }
    }

    private async Task<RecordedRequest> RecordAsync(HttpContext http, CancellationToken gone)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, gone);
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var request = new RecordedRequest(
            http.Request.Method,
            target,
            http.Request.Headers.ToFrozenDictionary(
                header => header.Key,
                header => header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase
            ),
            body.ToArray(),
            pace.Now
        );
        log.Add(request);
        return request;
    }

    private async Task AnswerAsync(HttpContext http, RecordedRequest request, CancellationToken gone)
    {
        var path = request.PathOnly.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var action = script.ActionFor(request, ModelOf(request, path));
        if (action is null)
        {
            await SendAsync(http, await RealAsync(http, request, path, gone), gone);
            return;
        }

        await pace.ExactlyAsync(action.Delay, gone);
        if (action is { Ending: not Ending.None, SentBytes: null })
        {
            await Connections.EndAsync(http, action.Ending, gone);
            return;
        }

        var reply = action.Answer?.Invoke(request) ?? await RealAsync(http, request, path, gone);
        reply = action.Rewrite?.Invoke(reply) ?? reply;
        if (action.SentBytes is not { } bytes)
        {
            await SendAsync(http, reply, gone);
            return;
        }

        SetHead(http, reply);
        http.Response.ContentLength = reply.Body.Length;
        await http.Response.Body.WriteAsync(reply.Body[..Math.Min(bytes, reply.Body.Length)], gone);
        await http.Response.Body.FlushAsync(gone);
        await Connections.EndAsync(http, action.Ending, gone);
    }

    private async Task<Reply> RealAsync(HttpContext http, RecordedRequest request, string[] path, CancellationToken gone)
    {
        var account = AccountOf(request);
        if (account is null && !Routes.IsOpen(path))
        {
            return Problem.Unauthenticated().ToReply();
        }

        var call = new Call(http, request, account ?? "", gone);
        if (path is not ["v1", ..] || Routes.IsOpen(path))
        {
            return await routes.AnswerAsync(call, path);
        }

        var (remaining, wait) = limits.Take(call.Account, Routes.IsCreate(request.Method, path));
        var reply = wait is { } seconds ? Problem.Throttled(Math.Ceiling(seconds)).ToReply() : await routes.AnswerAsync(call, path);
        return reply.With("ratelimit-remaining", remaining.ToString(CultureInfo.InvariantCulture)).With("ratelimit-reset", "1");
    }

    private string? AccountOf(RecordedRequest request)
    {
        var header = request.Header("Authorization");
        var token =
            header?.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) == true ? header[7..].Trim()
            : header?.StartsWith("Token ", StringComparison.OrdinalIgnoreCase) == true ? header[6..].Trim()
            : "";
        if (token.Length == 0)
        {
            return null;
        }

        return options.Accounts.TryGetValue(token, out var account) ? account
            : options.Token is null || options.Token == token ? options.AccountName
            : null;
    }

    /// <summary>The model a create is for, whatever endpoint it uses.</summary>
    private string? ModelOf(RecordedRequest request, string[] path) =>
        path switch
        {
            ["v1", "models", var owner, var name, "predictions"] => $"{owner}/{name}",
            ["v1", "deployments", var owner, var name, "predictions"] => models.FindDeployment($"{owner}/{name}")?.Id,
            ["v1", "predictions"] when request.Json()?["version"]?.ToString() is { } version => models.FindVersion(version)?.Id,
            _ => null,
        };

    private static async Task SendAsync(HttpContext http, Reply reply, CancellationToken gone)
    {
        SetHead(http, reply);
        if (reply.Writes is { } writes)
        {
            await writes(http);
            return;
        }

        http.Response.ContentLength = reply.Status == 204 ? null : reply.Body.Length;
        if (!HttpMethods.IsHead(http.Request.Method) && reply.Body.Length > 0)
        {
            await http.Response.Body.WriteAsync(reply.Body, gone);
        }
    }

    private static void SetHead(HttpContext http, Reply reply)
    {
        http.Response.StatusCode = reply.Status;
        if (reply.ContentType is { } contentType)
        {
            http.Response.ContentType = contentType;
        }

        foreach (var (name, value) in reply.Headers)
        {
            http.Response.Headers[name] = value;
        }
    }
}
