using Bifrost.Web.Parts;

namespace Bifrost.Web.Start;

/// <summary>The same small call in four languages, ready to run as it stands.</summary>
public static class Snippets
{
    private const string Question = "Say hello in five words.";

    /// <summary>Name and text of each.</summary>
    /// <param name="address">The gateway's, without a path.</param>
    /// <param name="key">A virtual key, or what to say instead.</param>
    /// <param name="model">With its provider's name before it.</param>
    public static IReadOnlyList<(string Language, string Text)> Of(string address, string key, string model) =>
        [
            (
                "curl",
                Curl.Json(
                    $"{address}/v1/chat/completions",
                    key,
                    $$"""
                    {
                        "model": "{{model}}",
                        "messages": [{"role": "user", "content": "{{Question}}"}]
                      }
                    """
                )
            ),
            (
                "Python",
                $$"""
                # pip install openai
                from openai import OpenAI

                client = OpenAI(base_url="{{address}}/v1", api_key="{{key}}")
                reply = client.chat.completions.create(
                    model="{{model}}",
                    messages=[{"role": "user", "content": "{{Question}}"}],
                )
                print(reply.choices[0].message.content)
                """
            ),
            (
                "JavaScript",
                $$"""
                // npm install openai
                import OpenAI from "openai";

                const client = new OpenAI({ baseURL: "{{address}}/v1", apiKey: "{{key}}" });
                const reply = await client.chat.completions.create({
                  model: "{{model}}",
                  messages: [{ role: "user", content: "{{Question}}" }],
                });
                console.log(reply.choices[0].message.content);
                """
            ),
            (
                "C#",
                $$"""
                // dotnet add package OpenAI
                using System.ClientModel;
                using OpenAI;
                using OpenAI.Chat;

                var client = new ChatClient(
                    "{{model}}",
                    new ApiKeyCredential("{{key}}"),
                    new OpenAIClientOptions { Endpoint = new Uri("{{address}}/v1") });
                ChatCompletion reply = client.CompleteChat("{{Question}}");
                Console.WriteLine(reply.Content[0].Text);
                """
            ),
        ];
}
