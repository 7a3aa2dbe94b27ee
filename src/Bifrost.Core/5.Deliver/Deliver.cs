using System.Buffers;
using System.Globalization;
using Bifrost.Core.Accept;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Deliver;

/// <summary>Room 5: from the first byte on there is no going back. Later failures end the answer in the caller's dialect.</summary>
public sealed class Deliver(ModelDirectory models, IAnswerCopies? copies = null)
{
    private const string JsonType = "application/json";

    /// <summary>Answers with a fault, unless bytes of an answer are out already.</summary>
    public async Task RefuseAsync(Exchange exchange, Fault fault)
    {
        exchange.Fault = fault;
        var response = exchange.Http.Response;
        // Nobody is there to be told; and the server must not try to read on in a body that broke off.
        if (fault.Kind == FaultKind.CallerLeft || response.HasStarted)
        {
            exchange.Http.Abort();
            return;
        }

        using var body = new PooledBuffer(512);
        exchange.CallerSpeaks.WriteFault(fault, body);
        DropAnswerHeaders(response.Headers);
        response.StatusCode = fault.Status;
        response.ContentType = JsonType;
        response.ContentLength = body.Length;
        WriteCommonHeaders(exchange);
        if (fault.Rule.Governs && exchange.RefusedBy is { } limits)
        {
            LimitHeaders.Write(limits.Requests, limits.Tokens, response.Headers);
        }

        if (fault.RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        if (fault.Allow is { } allow)
        {
            response.Headers.Allow = allow;
        }

        // A body that was not read to its end would be taken for the next request.
        if (fault.Kind == FaultKind.BodyTooLarge)
        {
            response.Headers.Connection = "close";
        }

        exchange.ResponseBytes = body.Length;
        await response.Body.WriteAsync(body.Memory);
    }

    public ValueTask SendAsync(Exchange exchange, Answer answer)
    {
        exchange.AnswerCopy = copies?.Open(exchange);
        return answer switch
        {
            RelayedAnswer relayed => Relay.SendAsync(exchange, relayed),
            StreamedAnswer streamed => EventStream.SendAsync(exchange, streamed),
            WrittenAnswer written => SendWrittenAsync(exchange, written),
            ContentAnswer content => SendContentAsync(exchange, content),
            _ => throw new InvalidOperationException($"No way to send a {answer.GetType().Name}."),
        };
    }

    /// <summary>Answers with the models there are, or one of them.</summary>
    public async Task ModelsAsync(Exchange exchange)
    {
        var found = await models.FindAsync(exchange);
        if (found.Failed(out var fault, out var answer))
        {
            await RefuseAsync(exchange, fault);
            return;
        }

        await SendWrittenAsync(exchange, answer);
    }

    /// <summary>Headers that say how the exchange went. Values that come from outside are made safe for a header.</summary>
    internal static void WriteCommonHeaders(Exchange exchange)
    {
        var headers = exchange.Http.Response.Headers;
        headers[RequestIds.Header] = exchange.RequestId;
        if (exchange.Target is { } target)
        {
            headers["x-bf-provider"] = target.Provider.Id;
            if (exchange.UpstreamId is { } id)
            {
                headers["x-bf-upstream-id"] = HeaderText.Of(id);
            }
        }

        LimitHeaders.Write(exchange.Reservation.Requests, exchange.Reservation.Tokens, headers);
        if (exchange.Notes.Count > 0)
        {
            HeaderText.WriteNotes(exchange.Notes, headers);
        }

        if (exchange.Usage is { Estimated: true })
        {
            headers["x-bf-usage-estimated"] = "true";
        }

        if (TimingHeaders.AreWanted(exchange))
        {
            TimingHeaders.Write(exchange);
        }
    }

    // Only what described the answer that will not come. What the door has set (who may read this, that it is simulated) stays.
    private static void DropAnswerHeaders(IHeaderDictionary headers)
    {
        headers.Remove("Content-Encoding");
        headers.Remove("Content-Range");
        headers.Remove("Content-Disposition");
        headers.Remove("Cache-Control");
        headers.Remove("ETag");
    }

    private static async ValueTask SendWrittenAsync(Exchange exchange, WrittenAnswer answer)
    {
        using var body = new PooledBuffer(2048);
        answer.Write(exchange.CallerSpeaks, body);
        var response = exchange.Http.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType(exchange.CallerSpeaks);
        response.ContentLength = body.Length;
        WriteCommonHeaders(exchange);
        exchange.OutputBytes = body.Length;
        if (CostHeaders.AreWanted(exchange))
        {
            CostHeaders.Write(exchange);
        }

        exchange.AnswerCopy?.Write(body.Memory.Span);
        exchange.FirstByte = exchange.Elapsed;
        await response.Body.WriteAsync(body.Memory, exchange.CallerLeft);
        exchange.ResponseBytes = body.Length;
    }

    private static async ValueTask SendContentAsync(Exchange exchange, ContentAnswer answer)
    {
        var response = exchange.Http.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        response.ContentLength = answer.Length;
        // What a model made must never run as a page of the gateway's own origin.
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        if (answer.AcceptsRanges)
        {
            response.Headers.AcceptRanges = "bytes";
        }

        if (answer.ContentRange is { } range)
        {
            response.Headers.ContentRange = HeaderText.Of(range);
        }

        if (answer.FileName is { } name)
        {
            response.Headers.ContentDisposition = $"attachment; filename*=UTF-8''{Uri.EscapeDataString(name)}";
        }

        WriteCommonHeaders(exchange);
        exchange.FirstByte = exchange.Elapsed;
        await CopyAsync(exchange, answer.Content);
    }

    private static async Task CopyAsync(Exchange exchange, Stream content)
    {
        var block = ArrayPool<byte>.Shared.Rent(65536);
        try
        {
            int read;
            while ((read = await content.ReadAsync(block, exchange.CallerLeft)) > 0)
            {
                await exchange.Http.Response.Body.WriteAsync(block.AsMemory(0, read), exchange.CallerLeft);
                exchange.ResponseBytes += read;
            }
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            // The length is promised already; only a broken connection tells the caller the truth.
            exchange.Fault = new Fault(FaultKind.UpstreamError, "The file broke off on its way.") { Cause = broken };
            exchange.Http.Abort();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }
}
