using System.Text;
using Bifrost.Core.Accept;
using Bifrost.Core.Admit;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;

namespace Bifrost.Core.Attempt;

/// <summary>Carries out what is one HTTP request: the caller's bytes as they are or patched, or another dialect's.</summary>
public sealed class HttpCarrier
{
    /// <summary>Errors are read up to here; the rest of a longer one says nothing new.</summary>
    private const int MaxErrorBytes = 1 << 20;

    public ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        var offer = (HttpOffer)target.Offer;
        return target.Lane == Lane.Translated
            ? ChatTranslation.CarryAsync(this, exchange, target, offer, cancel)
            : RelayAsync(exchange, target, offer, cancel);
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
        try
        {
            using var request = RequestTo(exchange, target, offer, content);
            var response = await target.Provider.Http.SendAsync(request, cancel);
            return response.IsSuccessStatusCode ? response : await RefusedAsync(response, target, cancel);
        }
        catch (HttpRequestException failed)
        {
            return UpstreamFaults.OfException(failed, target);
        }
    }

    private async ValueTask<Outcome<Answer>> RelayAsync(Exchange exchange, Target target, HttpOffer offer, CancellationToken cancel)
    {
        var sent = await SendAsync(exchange, target, offer, ContentFor(exchange, target), cancel);
        if (sent.Failed(out var fault, out var response))
        {
            return fault;
        }

        var answer = new RelayedAnswer(response);
        if (!answer.IsEventStream || await answer.PeekAsync(cancel) is not { } broken)
        {
            return answer;
        }

        await answer.DisposeAsync();
        return broken;
    }

    private static HttpRequestMessage RequestTo(Exchange exchange, Target target, HttpOffer offer, HttpContent? content)
    {
        var request = new HttpRequestMessage(offer.Method, AddressOf(exchange, target, offer)) { Content = content };
        target.Provider.Kind.Credentials.Apply(request.Headers, target.Key);
        if (target.Provider.Network.ExtraHeaders.Count > 0)
        {
            foreach (var header in target.Provider.Network.ExtraHeaders)
            {
                request.Headers.TryAddWithoutValidation(header.Key, header.Value);
            }
        }

        ForwardedHeaders.Copy(exchange, request.Headers);
        exchange.Trace?.WriteTo(request.Headers);
        return request;
    }

    private static ReadOnlyMemoryContent? ContentFor(Exchange exchange, Target target)
    {
        if (exchange.Body.IsEmpty)
        {
            return null;
        }

        var content = new ReadOnlyMemoryContent(UpstreamBody.For(exchange, target));
        var declared = exchange.Http.Request.ContentType;
        content.Headers.TryAddWithoutValidation("Content-Type", MultipartForm.IsMultipart(declared) ? declared : "application/json");
        return content;
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

    private static Uri AddressOf(Exchange exchange, Target target, HttpOffer offer)
    {
        if (exchange.PathId is null && !exchange.Http.Request.QueryString.HasValue)
        {
            return target.Provider.AddressOf(offer);
        }

        var path = exchange.PathId is { } id ? offer.Path.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal) : offer.Path;
        return new Uri(target.Provider.Base, path + QueryOf(exchange));
    }

    /// <summary>The caller's query, without the gateway's own <c>provider</c> (some servers refuse what they do not know) and without virtual keys.</summary>
    private static string QueryOf(Exchange exchange)
    {
        var query = exchange.Http.Request.QueryString.Value ?? "";
        if (!query.Contains("provider=", StringComparison.Ordinal) && !HoldsVirtualKey(query))
        {
            return query;
        }

        var kept = new StringBuilder(query.Length);
        var pairs = query.AsSpan(1);
        foreach (var range in pairs.Split('&'))
        {
            var pair = pairs[range];
            if (!pair.StartsWith("provider=", StringComparison.Ordinal) && !HoldsVirtualKey(pair))
            {
                kept.Append(kept.Length == 0 ? '?' : '&').Append(pair);
            }
        }

        return kept.ToString();
    }

    private static bool HoldsVirtualKey(ReadOnlySpan<char> text) =>
        text.Contains(CredentialCheck.VirtualKeyPrefix, StringComparison.OrdinalIgnoreCase);
}
