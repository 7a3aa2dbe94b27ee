using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bifrost.Benchmarks.Soak;

/// <summary>A provider that speaks OpenAI's chat: whole answers, streams of a tenth of a second, and errors for who asks for <c>fail-500</c> or <c>fail-429</c>.</summary>
internal sealed class SoakUpstream : IAsyncDisposable
{
    private const int Chunks = 20;
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(5);
    private static readonly string Sentence = string.Concat(Enumerable.Repeat("A gateway sits between callers and providers. ", 12));

    private readonly WebApplication _app;

    private SoakUpstream(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
    }

    public Uri Address { get; }

    public static async Task<SoakUpstream> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(AnswerAsync);
        await app.StartAsync();
        return new SoakUpstream(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext http)
    {
        using var reader = new StreamReader(http.Request.Body);
        var asked = await reader.ReadToEndAsync(http.RequestAborted);
        if (asked.Contains("fail-500", StringComparison.Ordinal) || asked.Contains("fail-429", StringComparison.Ordinal))
        {
            http.Response.StatusCode = asked.Contains("fail-500", StringComparison.Ordinal) ? 500 : 429;
            http.Response.ContentType = "application/json";
            await http.Response.WriteAsync("""{"error":{"message":"As it was asked to.","type":"server_error"}}""", http.RequestAborted);
            return;
        }

        try
        {
            await (asked.Contains("\"stream\":true", StringComparison.Ordinal) ? StreamAsync(http) : WholeAsync(http));
        }
        catch (OperationCanceledException)
        {
            // The caller left, and the gateway with it.
        }
    }

    private static async Task WholeAsync(HttpContext http)
    {
        await Task.Delay(Apart * 4, http.RequestAborted);
        http.Response.ContentType = "application/json";
        await http.Response.WriteAsync(
            $$$"""
            {"id":"chatcmpl-soak","object":"chat.completion","created":1700000000,"model":"gpt-4o-mini","choices":[{"index":0,"message":{"role":"assistant","content":"{{{Sentence}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":42,"completion_tokens":128,"total_tokens":170}}
            """,
            http.RequestAborted
        );
    }

    private static async Task StreamAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        for (var at = 0; at < Chunks; at++)
        {
            await http.Response.WriteAsync(
                Event($$$"""[{"index":0,"delta":{"content":"piece {{{at.ToString(CultureInfo.InvariantCulture)}}} "}}]"""),
                http.RequestAborted
            );
            await http.Response.Body.FlushAsync(http.RequestAborted);
            await Task.Delay(Apart, http.RequestAborted);
        }

        await http.Response.WriteAsync(Event("""[{"index":0,"delta":{},"finish_reason":"stop"}]"""), http.RequestAborted);
        await http.Response.WriteAsync(
            Event("[]", ""","usage":{"prompt_tokens":42,"completion_tokens":20,"total_tokens":62}""") + "data: [DONE]\n\n",
            http.RequestAborted
        );
    }

    private static string Event(string choices, string more = "") =>
        $$"""data: {"id":"chatcmpl-soak","object":"chat.completion.chunk","created":1700000000,"model":"gpt-4o-mini","choices":{{choices}}{{more}}}"""
        + "\n\n";
}
