using System.ClientModel;
using OpenAI;

namespace Bifrost.EndToEnd.Tests.Program;

/// <summary>The C# of README.md, compiled. A test sees to it that both stay the same.</summary>
internal static class ReadmeExample
{
    public static async Task<string> RunAsync(string address)
    {
        var client = new OpenAIClient(new ApiKeyCredential("not-needed"), new OpenAIClientOptions { Endpoint = new Uri($"{address}/v1") });
        var chat = client.GetChatClient("replicate/meta/meta-llama-3-8b-instruct");
        var answer = await chat.CompleteChatAsync("Why is the sky blue?");
        Console.WriteLine(answer.Value.Content[0].Text);
        return answer.Value.Content[0].Text;
    }
}
