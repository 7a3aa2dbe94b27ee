using System.Globalization;
using Bifrost.Core.Contracts;
using Bifrost.Core.Threads;
using Bifrost.Core.World;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Accept;

/// <summary>Room 1: which dialect and operation, the body and its envelope, one snapshot of the world.</summary>
public sealed class Accept(WorldHolder world, TimeProvider clock, params IGreeter[] greeters)
{
    private const int MaxIdLength = 1024;

    /// <summary>Bytes of a body whose reading would keep the other callers of a socket's thread waiting.</summary>
    private const int LongWork = 256 << 10;

    /// <summary>Opens an exchange at the door the request came to. Never fails: a request that cannot be read is an exchange with a fault.</summary>
    public async ValueTask<Exchange> OpenAsync(HttpContext http)
    {
        var exchange = await ReadAsync(http);
        exchange.AcceptedAt = clock.GetTimestamp();
        foreach (var greeter in greeters)
        {
            greeter.Greet(exchange);
        }

        return exchange;
    }

    private async ValueTask<Exchange> ReadAsync(HttpContext http)
    {
        var given = RequestIds.GivenIn(http.Request);
        var exchange = new Exchange(http, world.Now, clock)
        {
            RequestId = given ?? RequestIds.New(clock),
            RequestIdWasGiven = given is not null,
        };
        var found = Doorway.Find(http.Request.Method, http.Request.Path.Value ?? "");
        if (found.Fault is { } nowhere)
        {
            exchange.CallerSpeaks = Wire.Dialects.OpenAIChat.OpenAIChatDialect.Instance;
            exchange.Fault = nowhere;
            return exchange;
        }

        var entry = found.Value;
        exchange.HasOperation = true;
        exchange.Operation = entry.Door.Operation;
        exchange.CallerSpeaks = entry.Door.Dialect;
        exchange.SurfaceProvider = entry.SurfaceProvider;
        if (entry.Id is not null)
        {
            exchange.PathId = Uri.UnescapeDataString(entry.Id);
            exchange.Fault = BadId(exchange.PathId);
        }

        if (exchange.Fault is null && http.Request.Method == "POST")
        {
            exchange.Fault = await ReadBodyAsync(exchange);
        }

        return exchange;
    }

    private static async ValueTask<Fault?> ReadBodyAsync(Exchange exchange)
    {
        var maxBytes = (long)exchange.World.Client.MaxRequestBodySizeMb << 20;
        var read = await BodyReader.ReadAsync(exchange.Http.Request, maxBytes);
        if (read.Failed(out var unread, out var buffer))
        {
            return unread;
        }

        exchange.Keep(buffer);
        exchange.Body = buffer.Memory;
        if (buffer.Length > LongWork)
        {
            await PoolScheduler.HopAsync();
        }

        var optional = exchange.Operation is Operation.ResponseCancel;
        if (optional || MultipartForm.IsMultipart(exchange.Http.Request.ContentType))
        {
            return optional ? null : ReadForm(exchange);
        }

        var scanned = EnvelopeScanner.Scan(buffer.Memory.Span, CapsOf(exchange.Operation));
        if (scanned.Fault is { } unreadable)
        {
            return unreadable;
        }

        exchange.Envelope = scanned.Value;
        exchange.AskedModel = scanned.Value.ModelName;
        exchange.Streams = scanned.Value.Streams;
        return null;
    }

    private static Fault? ReadForm(Exchange exchange)
    {
        var parsed = MultipartForm.Parse(exchange.Body, exchange.Http.Request.ContentType);
        if (parsed.Failed(out var unreadable, out var form))
        {
            return unreadable;
        }

        var counted = false;
        foreach (var part in form.Parts)
        {
            if (part.Name is not ("model" or "stream" or "provider" or "n") || part.IsFile || !form.TryText(part, out var text))
            {
                continue;
            }

            switch (part.Name)
            {
                case "model" when exchange.Envelope.InForm:
                    return Fault.Invalid("The form has more than one field `model`. Send it once.", "model", "duplicate_parameter");
                case "model":
                    exchange.Envelope = exchange.Envelope with
                    {
                        Model = new ByteRange(part.Start, part.Length),
                        ModelName = text,
                        InForm = true,
                    };
                    exchange.AskedModel = text;
                    break;
                case "n" when counted:
                    return Fault.Invalid("The form has more than one field `n`. Send it once.", "n", "duplicate_parameter");
                case "n":
                    counted = true;
                    if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1)
                    {
                        return Fault.Invalid("`n` must be a whole number of at least 1.", "n", "invalid_value");
                    }

                    exchange.Envelope = exchange.Envelope with { Choices = count };
                    break;
                case "stream":
                    exchange.Streams = text is "true" or "True" or "1";
                    break;
                default:
                    exchange.FormProvider = text;
                    break;
            }
        }

        return null;
    }

    private static CapMembers CapsOf(Operation operation) =>
        operation switch
        {
            Operation.Chat => CapMembers.MaxTokens | CapMembers.MaxCompletionTokens,
            Operation.Completion => CapMembers.MaxTokens,
            Operation.Response => CapMembers.MaxOutputTokens,
            _ => CapMembers.None,
        };

    private static Fault? BadId(string id)
    {
        var bad = id.Length > MaxIdLength || id.Contains("..", StringComparison.Ordinal) || id.Contains("//", StringComparison.Ordinal);
        foreach (var c in id)
        {
            bad |= char.IsControl(c) || c is '\\' or '?' or '#' or '%';
        }

        return bad ? Fault.Invalid("The id in the path is not one the gateway could have made.", "id", "invalid_id") : null;
    }
}
