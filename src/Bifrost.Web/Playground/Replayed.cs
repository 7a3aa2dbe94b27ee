using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Web.Api;

namespace Bifrost.Web.Playground;

/// <summary>Loads a logged request into the form.</summary>
internal static class Replayed
{
    public static async Task<Told> LoadAsync(GatewayApi api, string id, Ask ask, Lane lane)
    {
        var answer = await api.GetAsync<JsonObject>($"api/logs/{Uri.EscapeDataString(id)}?payload=true");
        if (answer.Value is not { } row)
        {
            return new Told(
                "bad",
                answer.Problem is { Status: 404 }
                    ? "There is no such request in the log any more, so nothing is loaded. Write what to ask, or choose another from the log."
                    : $"The request could not be loaded: {answer.Problem?.Message}"
            );
        }

        lane.Model = Text(row["asked_model"]) ?? $"{Text(row["provider"])}/{Text(row["model"])}";
        ask.Mode = Text(row["object"]) switch
        {
            "image_generation" => "image",
            "image_edit" => "edit",
            "video_generation" => "video",
            _ => "chat",
        };
        if (Text(row["payload"]?["request"]) is not { Length: > 0 } written)
        {
            return new Told("warn", "What was asked is not in the log: it was not kept, or its time is over. Only the model is loaded.");
        }

        try
        {
            return Fill(JsonNode.Parse(written) as JsonObject ?? [], ask, lane)
                ? Loaded("warn", " Images, files and tools in it are left out.")
                : Loaded("good", "");
        }
        catch (JsonException)
        {
            return new Told(
                "warn",
                "What was asked is not complete in the log, so only the model is loaded. More is kept with a higher limit in the settings of logging."
            );
        }
    }

    private static Told Loaded(string kind, string more) =>
        new(kind, $"A logged request is loaded. Change what you like, then send it.{more}");

    /// <summary>Whether something had to be left out.</summary>
    private static bool Fill(JsonObject body, Ask ask, Lane lane)
    {
        lane.Turns.Clear();
        ask.Prompt = Text(body["prompt"]) ?? "";
        ask.Size = Text(body["size"]) ?? "";
        ask.Seconds = body["seconds"]?.ToString() ?? "";
        ask.Count = Number(body["n"]) is { } n ? (int)n : null;
        ask.Temperature = Number(body["temperature"]);
        ask.MaxTokens = (Number(body["max_completion_tokens"]) ?? Number(body["max_tokens"])) is { } most ? (int)most : null;
        var isLeftOut = body["tools"] is not null;
        var asked = "";
        foreach (var message in body["messages"] as JsonArray ?? [])
        {
            var said = Said(message?["content"], ref isLeftOut);
            switch (Text(message?["role"]))
            {
                case "system" or "developer":
                    ask.System = ask.System.Length == 0 ? said : $"{ask.System}\n\n{said}";
                    break;
                case "assistant":
                    lane.Turns.Add(
                        new Turn(asked)
                        {
                            Text = said,
                            State = TurnState.Done,
                            Model = lane.Model,
                        }
                    );
                    asked = "";
                    break;
                default:
                    asked = asked.Length == 0 ? said : $"{asked}\n\n{said}";
                    break;
            }
        }

        ask.Prompt = asked.Length > 0 ? asked : ask.Prompt;
        return isLeftOut;
    }

    private static string Said(JsonNode? content, ref bool isLeftOut)
    {
        if (content is not JsonArray parts)
        {
            return Text(content) ?? "";
        }

        var texts = parts.Select(p => Text(p?["text"])).ToList();
        isLeftOut |= texts.Contains(null);
        return string.Join('\n', texts.Where(t => t is not null));
    }

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue<double>(out var number) ? number : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;
}

/// <summary>Something to know, and how it went: good, warn or bad.</summary>
internal sealed record Told(string Kind, string Text);
