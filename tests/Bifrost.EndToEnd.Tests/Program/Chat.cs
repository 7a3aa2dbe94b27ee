using System.Net.Http.Json;
using System.Text.Json;

namespace Bifrost.EndToEnd.Tests.Program;

/// <summary>A first chat, as somebody who has just started the program would send it.</summary>
internal static class Chat
{
    public const string Model = "replicate/meta/meta-llama-3-8b-instruct";

    public static string Body(string words, bool stream = false) =>
        $$"""{"model":"{{Model}}","stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"{{words}}"}]}""";

    public static async Task<HttpResponseMessage> SendAsync(HttpClient http, Uri gateway, string words, bool stream = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "/v1/chat/completions"))
        {
            Content = new StringContent(Body(words, stream), System.Text.Encoding.UTF8, "application/json"),
        };
        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public static async Task<string> TextOfAsync(HttpResponseMessage response)
    {
        var reply = await response.Content.ReadFromJsonAsync<JsonElement>();
        return reply.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
    }
}
