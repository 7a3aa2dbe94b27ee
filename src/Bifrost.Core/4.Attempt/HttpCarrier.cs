using System.Net.Http.Headers;
using Bifrost.Core.Accept;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Core.Attempt;

/// <summary>Carries out what is one HTTP request: the caller's bytes as they are or patched, or another dialect's.</summary>
public sealed class HttpCarrier
{
    /// <summary>Errors are read up to here; the rest of a longer one says nothing new.</summary>
    private const int MaxErrorBytes = 1 << 20;

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        var offer = (HttpOffer)target.Offer;
        if (target.Lane == Lane.Translated)
        {
            return await ChatTranslation.CarryAsync(this, exchange, target, offer, cancel);
        }

        var content = exchange.Body.IsEmpty ? null : new ReadOnlyMemoryContent(BodyFor(exchange, target));
        if (content is not null)
        {
            content.Headers.ContentType = MultipartForm.IsMultipart(exchange.Http.Request.ContentType)
                ? MediaTypeHeaderValue.Parse(exchange.Http.Request.ContentType!)
                : Json;
        }

        var sent = await SendAsync(exchange, target, offer, content, cancel);
        if (sent.Failed(out var fault, out var response))
        {
            return fault;
        }

        if (!UpstreamFaults.IsEventStream(response))
        {
            return new RelayedAnswer(response);
        }

        var stream = new RelayedAnswer(response);
        var broken = await stream.PeekAsync(cancel);
        if (broken is null)
        {
            return stream;
        }

        await stream.DisposeAsync();
        return broken;
    }

    /// <summary>Sends, and gives back the response at its headers when its status is a good one.</summary>
    internal async ValueTask<Outcome<HttpResponseMessage>> SendAsync(
        Exchange exchange,
        Target target,
        HttpOffer offer,
        HttpContent? content,
        CancellationToken cancel
    )
    {
        using var request = new HttpRequestMessage(offer.Method, AddressOf(exchange, target, offer)) { Content = content };
        target.Provider.Kind.Credentials.Apply(request.Headers, target.Key);
        foreach (var header in target.Provider.Network.ExtraHeaders)
        {
            request.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        ForwardedHeaders.Copy(exchange, request.Headers);
        try
        {
            var response = await target.Provider.Http.SendAsync(request, cancel);
            return response.IsSuccessStatusCode ? response : await RefusedAsync(response, target, cancel);
        }
        catch (HttpRequestException failed)
        {
            return UpstreamFaults.OfException(failed, target);
        }
    }

    private static async ValueTask<Fault> RefusedAsync(HttpResponseMessage response, Target target, CancellationToken cancel)
    {
        using (response)
        {
            using var body = new PooledBuffer(4096);
            await using var stream = await response.Content.ReadAsStreamAsync(cancel);
            int read;
            while (body.Length < MaxErrorBytes && (read = await stream.ReadAsync(body.GetMemory(4096), cancel)) > 0)
            {
                body.Advance(read);
            }

            return UpstreamFaults.OfResponse(response, body.Memory.Span, target);
        }
    }

    private static ReadOnlyMemory<byte> BodyFor(Exchange exchange, Target target)
    {
        if (target.Lane == Lane.Verbatim)
        {
            return exchange.Body;
        }

        var patched = new PooledBuffer(exchange.Body.Length + target.Model.Length);
        exchange.Keep(patched);
        if (exchange.Envelope.InForm)
        {
            Splice.Write(exchange.Body.Span, exchange.Envelope.Model, System.Text.Encoding.UTF8.GetBytes(target.Model), patched);
        }
        else
        {
            Splice.WriteRequest(exchange.Body.Span, exchange.Envelope, target.Model, patched);
        }

        return patched.Memory;
    }

    private static Uri AddressOf(Exchange exchange, Target target, HttpOffer offer)
    {
        if (exchange.PathId is null && !exchange.Http.Request.QueryString.HasValue)
        {
            return target.Provider.AddressOf(offer);
        }

        var path = exchange.PathId is { } id ? offer.Path.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal) : offer.Path;
        return new Uri(target.Provider.Base, path + exchange.Http.Request.QueryString);
    }
}
