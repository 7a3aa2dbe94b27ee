namespace Bifrost.Server.Start;

/// <summary>The same small chat in four languages, ready to run as it stands.</summary>
internal sealed record FirstRequest(string Curl, string Python, string JavaScript, string CSharp)
{
    private const string Question = "Say hello in five words.";

    public static FirstRequest For(LandingView view)
    {
        var model = ModelFor(view.Ready);
        // Clients of OpenAI's insist on a key; any text will do where the gateway has its own.
        var ready = view.Ready.Count > 0;
        var key = ready ? "unused" : "YOUR-PROVIDER-KEY";
        var header = ready ? "" : $" \\\n  -H \"Authorization: Bearer {key}\"";
        var url = $"{view.Address}/v1";
        return new FirstRequest(
            $$"""
            curl {{url}}/chat/completions \
              -H "Content-Type: application/json"{{header}} \
              -d '{
                "model": "{{model}}",
                "messages": [{"role": "user", "content": "{{Question}}"}]
              }'
            """,
            $$"""
            # pip install openai
            from openai import OpenAI

            client = OpenAI(base_url="{{url}}", api_key="{{key}}")
            reply = client.chat.completions.create(
                model="{{model}}",
                messages=[{"role": "user", "content": "{{Question}}"}],
            )
            print(reply.choices[0].message.content)
            """,
            $$"""
            // npm install openai
            import OpenAI from "openai";

            const client = new OpenAI({ baseURL: "{{url}}", apiKey: "{{key}}" });
            const reply = await client.chat.completions.create({
              model: "{{model}}",
              messages: [{ role: "user", content: "{{Question}}" }],
            });
            console.log(reply.choices[0].message.content);
            """,
            $$"""
            // dotnet add package OpenAI
            using System.ClientModel;
            using OpenAI;
            using OpenAI.Chat;

            var client = new ChatClient(
                "{{model}}",
                new ApiKeyCredential("{{key}}"),
                new OpenAIClientOptions { Endpoint = new Uri("{{url}}") });
            ChatCompletion reply = await client.CompleteChatAsync("{{Question}}");
            Console.WriteLine(reply.Content[0].Text);
            """
        );
    }

    private static string ModelFor(IReadOnlyList<ReadyProvider> ready)
    {
        foreach (var provider in ready)
        {
            var model = $"{provider.Name}/{provider.ExampleModel}";
            if (provider.ExampleModel is not null && IsSafe(model))
            {
                return model;
            }
        }

        return ready is [var first, ..] && IsSafe(first.Name) ? $"{first.Name}/MODEL" : $"replicate/{ReadyProvider.ExampleOf("replicate")}";
    }

    // It is put between quotes of four languages; what would end one of them is not worth the escaping.
    private static bool IsSafe(string model) => model.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '-' or '_' or '.' or ':' or '@');
}
