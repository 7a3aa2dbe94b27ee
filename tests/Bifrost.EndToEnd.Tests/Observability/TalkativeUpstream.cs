using System.Text.Json.Nodes;
using Bifrost.Testing;
using Bifrost.Testing.Governed;
using Microsoft.AspNetCore.Http;

namespace Bifrost.EndToEnd.Tests.Observability;

/// <summary>A provider that says what it should not: secrets in answers, in streams cut anywhere, and in errors the credential it was shown.</summary>
internal static class TalkativeUpstream
{
    public static Task<FakeUpstream> StartAsync() => FakeUpstream.StartAsync(AnswerAsync);

    private static async Task AnswerAsync(HttpContext http)
    {
        var shown = http.Request.Headers.Authorization.ToString();
        var body =
            http.Request.HasFormContentType || http.Request.ContentLength is null or 0
                ? null
                : await JsonNode.ParseAsync(http.Request.Body);
        var model = (string?)body?["model"] ?? "";
        if (model.StartsWith("refuse-", StringComparison.Ordinal))
        {
            var message = new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["message"] = $"Wrong key: {shown}, and {Plant.ErrorBody.Text} too. See https://me:{Plant.ErrorAddress.Text}@host/.",
                    ["type"] = "some_error",
                },
            };
            await FakeUpstream.WriteAsync(
                http,
                message.ToJsonString(),
                int.Parse(model["refuse-".Length..], System.Globalization.CultureInfo.InvariantCulture)
            );
        }
        else if ((bool?)body?["stream"] == true)
        {
            http.Response.ContentType = "text/event-stream";
            var broken = model == "break";
            var said = $"The key is {(broken ? Plant.BrokenStream : Plant.Stream).Text} and that is that.";
            // Three characters at a time: no event holds a secret.
            foreach (var piece in said.Chunk(3).Take(broken ? 7 : int.MaxValue))
            {
                await http.Response.WriteAsync(MeteredUpstream.Chunk(model, new string(piece)));
                await http.Response.Body.FlushAsync();
            }

            if (broken)
            {
                // What was sent must have arrived: a connection that is reset takes with it what is still on the way.
                await Task.Delay(TimeSpan.FromMilliseconds(150));
                http.Abort();
                return;
            }

            await http.Response.WriteAsync("data: [DONE]\n\n");
        }
        else
        {
            var arguments = new JsonObject { ["password"] = Plant.AnswerArgument.Text, ["city"] = "Rome" }.ToJsonString();
            var answer = new JsonObject
            {
                ["id"] = "c",
                ["object"] = "chat.completion",
                ["created"] = 1,
                ["model"] = model,
                ["text"] = "words of a form's answer",
                ["choices"] = new JsonArray(
                    new JsonObject
                    {
                        ["index"] = 0,
                        ["finish_reason"] = "stop",
                        ["message"] = new JsonObject
                        {
                            ["role"] = "assistant",
                            ["content"] = $"{PlantedSecretsTests.AnswerWord}, and your token is {Plant.Answer.Text}.",
                            ["tool_calls"] = new JsonArray(
                                new JsonObject
                                {
                                    ["id"] = "t",
                                    ["type"] = "function",
                                    ["function"] = new JsonObject { ["name"] = "log_in", ["arguments"] = arguments },
                                }
                            ),
                        },
                    }
                ),
                ["usage"] = new JsonObject
                {
                    ["prompt_tokens"] = 10,
                    ["completion_tokens"] = 20,
                    ["total_tokens"] = 30,
                },
            };
            await FakeUpstream.WriteAsync(http, answer.ToJsonString());
        }
    }
}
