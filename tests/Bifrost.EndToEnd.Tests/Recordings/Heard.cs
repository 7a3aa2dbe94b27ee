using System.Text.Json;

namespace Bifrost.EndToEnd.Tests.Recordings;

/// <summary>What a caller got, a JSON answer or an event stream, read to its end.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Text">The whole body.</param>
internal sealed record Heard(int Status, string Text)
{
    public static async Task<Heard> OfAsync(Task<HttpResponseMessage> asking)
    {
        using var response = await asking;
        return new Heard((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public JsonElement Json => JsonElement.Parse(Text);

    public bool IsDone => Text.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);

    /// <summary>The JSON of every event, without <c>[DONE]</c>.</summary>
    public IReadOnlyList<JsonElement> Events =>
        [
            .. Text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(frame => frame.Split('\n').FirstOrDefault(line => line.StartsWith("data: ", StringComparison.Ordinal)))
                .Where(line => line is not null && line != "data: [DONE]")
                .Select(line => JsonElement.Parse(line!["data: ".Length..])),
        ];

    /// <summary>Content of the first choice, whole or joined from its pieces.</summary>
    public string Content =>
        Text.StartsWith('{')
            ? Json.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!
            : string.Concat(Choices.Select(choice => TextOf(choice.GetProperty("delta"), "content")));

    public IReadOnlyList<string> FinishReasons => [.. Choices.Select(choice => TextOf(choice, "finish_reason")).OfType<string>()];

    /// <summary>The error, wherever it is: the whole answer, or an event.</summary>
    public JsonElement? Error
    {
        get
        {
            IEnumerable<JsonElement> places = Text.StartsWith('{') ? [Json] : Events;
            foreach (var place in places)
            {
                if (place.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
                {
                    return error;
                }

                if (
                    place.TryGetProperty("response", out var response)
                    && response.TryGetProperty("error", out error)
                    && error.ValueKind == JsonValueKind.Object
                )
                {
                    return error;
                }
            }

            return null;
        }
    }

    public string? ErrorCode => Error is { } error ? TextOf(error, "code") : null;

    /// <summary>Text of a Responses stream, joined from its pieces.</summary>
    public string ResponseText =>
        string.Concat(Events.Where(e => TypeOf(e) == "response.output_text.delta").Select(e => e.GetProperty("delta").GetString()));

    public static string? TypeOf(JsonElement e) => TextOf(e, "type");

    private IEnumerable<JsonElement> Choices =>
        Events.SelectMany(e => e.TryGetProperty("choices", out var choices) ? choices.EnumerateArray().ToArray() : []);

    private static string? TextOf(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
