namespace Bifrost.Web.VirtualKeys;

/// <summary>The same first call in several languages.</summary>
internal static class KeySnippets
{
    public static Dictionary<string, string> All(string origin, string key, string model) =>
        new()
        {
            ["curl"] = $$"""
                curl {{origin}}/v1/chat/completions \
                  -H "Authorization: Bearer {{key}}" \
                  -H "Content-Type: application/json" \
                  -d '{"model": "{{model}}", "messages": [{"role": "user", "content": "Hello"}]}'
                """,
            ["Python"] = $$"""
                # pip install openai
                from openai import OpenAI

                client = OpenAI(base_url="{{origin}}/v1", api_key="{{key}}")
                answer = client.chat.completions.create(
                    model="{{model}}",
                    messages=[{"role": "user", "content": "Hello"}],
                )
                print(answer.choices[0].message.content)
                """,
            ["JavaScript"] = $$"""
                // npm install openai
                import OpenAI from "openai";

                const client = new OpenAI({ baseURL: "{{origin}}/v1", apiKey: "{{key}}" });
                const answer = await client.chat.completions.create({
                  model: "{{model}}",
                  messages: [{ role: "user", content: "Hello" }],
                });
                console.log(answer.choices[0].message.content);
                """,
            ["C#"] = $$"""
                // dotnet add package OpenAI
                using System.ClientModel;
                using OpenAI;
                using OpenAI.Chat;

                var client = new ChatClient(
                    "{{model}}",
                    new ApiKeyCredential("{{key}}"),
                    new OpenAIClientOptions { Endpoint = new Uri("{{origin}}/v1") });
                ChatCompletion answer = await client.CompleteChatAsync("Hello");
                Console.WriteLine(answer.Content[0].Text);
                """,
        };
}
