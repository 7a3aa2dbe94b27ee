using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Bifrost.Benchmarks.Allocations;

/// <summary>
/// The least a gateway on Kestrel and SocketsHttpHandler can be: the body into a rented buffer, on to the upstream, the answer back
/// through another. What it allocates is the framework's; what a gateway allocates more is its own.
/// </summary>
internal static class BareForwarder
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    public static IDisposable Start(string address, string upstream)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(address);
        var app = builder.Build();
        var handler = new SocketsHttpHandler
        {
            AutomaticDecompression = DecompressionMethods.None,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            ActivityHeadersPropagator = null,
        };
        var client = new HttpMessageInvoker(handler);
        var target = new Uri(new Uri(upstream), "/v1/chat/completions");
        app.Run(context => ForwardAsync(context, client, target));
        app.Start();
        return client;
    }

    private static async Task ForwardAsync(HttpContext context, HttpMessageInvoker client, Uri target)
    {
        var length = (int)(context.Request.ContentLength ?? 0);
        var body = ArrayPool<byte>.Shared.Rent(length);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        await context.Request.Body.ReadExactlyAsync(body.AsMemory(0, length), context.RequestAborted);
        using var request = new HttpRequestMessage(HttpMethod.Post, target)
        {
            Content = new ReadOnlyMemoryContent(body.AsMemory(0, length)),
        };
        request.Content.Headers.ContentType = Json;
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer sk-upstream");
        using var answer = await client.SendAsync(request, context.RequestAborted);

        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.NonValidated["Content-Type"].ToString();
        context.Response.ContentLength = answer.Content.Headers.ContentLength;
        await using var stream = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        for (int read; (read = await stream.ReadAsync(buffer, context.RequestAborted)) > 0; )
        {
            await context.Response.BodyWriter.WriteAsync(buffer.AsMemory(0, read), context.RequestAborted);
        }

        ArrayPool<byte>.Shared.Return(body);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
