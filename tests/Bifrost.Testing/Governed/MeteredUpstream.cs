using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Testing.Governed;

/// <summary>Speaks OpenAI's API as a provider whose every answer has used 10 tokens in and 20 out. The model <c>missing</c> is not there; <c>broken</c> fails.</summary>
public static class MeteredUpstream
{
    public const int InputTokens = 10;
    public const int OutputTokens = 20;

    private const string Usage = """{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}""";

    /// <param name="before">Awaited before each answer.</param>
    public static Task<FakeUpstream> StartAsync(Func<HttpContext, Task>? before = null) =>
        FakeUpstream.StartAsync(async http =>
        {
            if (before is not null)
            {
                await before(http);
            }

            await AnswerAsync(http);
        });

    public static async Task AnswerAsync(HttpContext http)
    {
        if (http.Request.Method == "GET")
        {
            await FakeUpstream.WriteAsync(
                http,
                """
                {"object":"list","data":[{"id":"penny","object":"model","created":1,"owned_by":"o"},
                {"id":"metered","object":"model","created":1,"owned_by":"o"}]}
                """
            );
            return;
        }

        var body = (await JsonNode.ParseAsync(http.Request.Body))!;
        var model = (string?)body["model"];
        if (model is "missing" or "broken")
        {
            await FakeUpstream.WriteAsync(
                http,
                """{"error":{"message":"It cannot be done.","type":"invalid_request_error","code":"model_not_found"}}""",
                model == "missing" ? 404 : 500
            );
            return;
        }

        var path = http.Request.Path.Value ?? "";
        if (path.EndsWith("/images/generations", StringComparison.Ordinal))
        {
            await FakeUpstream.WriteAsync(http, """{"created":1,"data":[{"b64_json":"AAAA"}]}""");
        }
        else if (path.EndsWith("/responses", StringComparison.Ordinal))
        {
            await FakeUpstream.WriteAsync(
                http,
                $$"""
                {"id":"resp_1","object":"response","created_at":1,"status":"completed","model":"{{model}}","output":[{"type":"message","id":"m","role":"assistant",
                "status":"completed","content":[{"type":"output_text","text":"Hello","annotations":[]}]}],
                "usage":{"input_tokens":10,"output_tokens":20,"total_tokens":30} }
                """
            );
        }
        else if (path.EndsWith("/completions", StringComparison.Ordinal) && !path.EndsWith("/chat/completions", StringComparison.Ordinal))
        {
            await FakeUpstream.WriteAsync(
                http,
                $$"""
                {"id":"c","object":"text_completion","created":1,"model":"{{model}}","choices":[{"index":0,"text":"Hello","finish_reason":"stop"}],
                "usage":{{Usage}} }
                """
            );
        }
        else if ((bool?)body["stream"] == true)
        {
            await StreamAsync(http, model, (bool?)body["stream_options"]?["include_usage"] == true);
        }
        else
        {
            await FakeUpstream.WriteAsync(
                http,
                $$"""
                {"id":"c","object":"chat.completion","created":1,"model":"{{model}}","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},
                "finish_reason":"stop"}],"usage":{{Usage}} }
                """
            );
        }
    }

    /// <summary>One event of a chat stream.</summary>
    public static string Chunk(string? model, string text) =>
        $$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"{{model}}","choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}"""
        + "\n\n";

    private static async Task StreamAsync(HttpContext http, string? model, bool usage)
    {
        http.Response.ContentType = "text/event-stream";
        foreach (var text in (string[])["Hel", "lo"])
        {
            await http.Response.WriteAsync(Chunk(model, text), http.RequestAborted);
            await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        await http.Response.WriteAsync(
            $$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"{{model}}","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""
                + "\n\n"
        );
        if (usage)
        {
            await http.Response.WriteAsync(
                $$"""data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"{{model}}","choices":[],"usage":{{Usage}} }"""
                    + "\n\n"
            );
        }

        await http.Response.WriteAsync("data: [DONE]\n\n");
    }
}
