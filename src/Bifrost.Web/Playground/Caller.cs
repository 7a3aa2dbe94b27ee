using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Web.Api;

namespace Bifrost.Web.Playground;

/// <summary>Makes calls as a caller of the gateway would, and writes what comes into a turn.</summary>
/// <param name="api">The way to the gateway.</param>
/// <param name="key">A virtual key's value for these calls only, or null.</param>
/// <param name="changed">Called when there is more to show.</param>
internal sealed class Caller(GatewayApi api, string? key, Func<Task> changed)
{
    // More often than this nobody can read.
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    public async Task RunAsync(Ask ask, Turn turn, JsonObject body, CancellationToken stop)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            using var request = Request(HttpMethod.Post, ask.Path, ask.Content(body));
            using var response = await api.SendRawAsync(request, stop);
            turn.RequestId = Header(response, "x-request-id");
            Costed(turn, Header(response, "x-bf-cost"));
            turn.IsCostEstimated = Header(response, "x-bf-cost-estimated") is not null;
            if (!response.IsSuccessStatusCode)
            {
                Fail(turn, await ProblemOfAsync(response, turn, stop));
            }
            else if (ask.Mode == "chat")
            {
                await StreamAsync(response, turn, clock, stop);
            }
            else if (ask.Mode == "video")
            {
                await FilmAsync(await JsonAsync(response, stop), turn, stop);
            }
            else
            {
                Pictures(await JsonAsync(response, stop), turn);
            }

            if (turn.IsRunning)
            {
                turn.State = TurnState.Done;
            }
        }
        catch (OperationCanceledException)
        {
            turn.State = TurnState.Stopped;
        }
        catch (Exception broken)
            when (broken is HttpRequestException or IOException or JsonException or FormatException or InvalidOperationException)
        {
            Fail(turn, new Problem(0, $"The answer broke off: {broken.Message}", []));
        }

        turn.Took = clock.Elapsed.TotalMilliseconds;
        await changed();
    }

    // Line by line: what a stream cost stands in a comment, which readers of events drop.
    private async Task StreamAsync(HttpResponseMessage response, Turn turn, Stopwatch clock, CancellationToken stop)
    {
        var (text, thought) = (new StringBuilder(), new StringBuilder());
        var shown = clock.Elapsed;
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        using var reader = new StreamReader(stream);
        try
        {
            while (await reader.ReadLineAsync(stop) is { } line)
            {
                if (line.StartsWith(": x-bf-cost ", StringComparison.Ordinal))
                {
                    Costed(turn, line[12..]);
                }

                if (!line.StartsWith("data:", StringComparison.Ordinal) || line[5..].Trim() is not { Length: > 0 } data || data == "[DONE]")
                {
                    continue;
                }

                Take(JsonNode.Parse(data), turn, text, thought);
                if (turn.FirstAfter is null && text.Length + thought.Length > 0)
                {
                    turn.FirstAfter = clock.Elapsed.TotalMilliseconds;
                }

                if (clock.Elapsed - shown >= Beat)
                {
                    shown = clock.Elapsed;
                    (turn.Text, turn.Thought) = (text.ToString(), thought.ToString());
                    await changed();
                }
            }
        }
        finally
        {
            (turn.Text, turn.Thought) = (text.ToString(), thought.ToString());
        }
    }

    private static void Take(JsonNode? chunk, Turn turn, StringBuilder text, StringBuilder thought)
    {
        if (chunk?["error"] is { } error)
        {
            turn.ProblemWord = Text(error["code"]) ?? Text(error["type"]);
            Fail(turn, new Problem(0, Text(error["message"]) ?? "The stream broke off.", []));
        }

        if ((chunk?["choices"] as JsonArray)?.FirstOrDefault() is { } choice)
        {
            text.Append(Text(choice["delta"]?["content"]) ?? Text(choice["delta"]?["refusal"]));
            thought.Append(Text(choice["delta"]?["reasoning_content"]) ?? Text(choice["delta"]?["reasoning"]));
            turn.Finish = Text(choice["finish_reason"]) ?? turn.Finish;
        }

        if (chunk?["usage"] is JsonObject usage)
        {
            turn.TokensIn = (long?)usage["prompt_tokens"];
            turn.TokensOut = (long?)usage["completion_tokens"];
        }
    }

    private static void Pictures(JsonNode? answer, Turn turn)
    {
        foreach (var item in answer?["data"] as JsonArray ?? [])
        {
            if (Text(item?["b64_json"]) is { } bytes)
            {
                turn.Media.Add(Medium.Picture(Convert.FromBase64String(bytes)));
            }
            else if (Text(item?["url"]) is { } url)
            {
                turn.Media.Add(new Medium("image/*", null, url));
            }
        }

        turn.TokensIn = (long?)answer?["usage"]?["input_tokens"];
        turn.TokensOut = (long?)answer?["usage"]?["output_tokens"];
        if (turn.Media.Count == 0)
        {
            Fail(turn, new Problem(0, "The answer holds no image.", []));
        }
    }

    private async Task FilmAsync(JsonNode? job, Turn turn, CancellationToken stop)
    {
        while (true)
        {
            var (id, state) = (Text(job?["id"]) ?? "", Text(job?["status"]));
            turn.Progress = (int?)(double?)job?["progress"];
            turn.Doing = state == "queued" ? "Waiting for its turn" : "Being made";
            if (state == "completed")
            {
                turn.Doing = "Fetching the video";
                await changed();
                await FetchAsync(id, turn, stop);
                return;
            }

            if (state is not ("queued" or "in_progress"))
            {
                Fail(turn, new Problem(0, Text(job?["error"]?["message"]) ?? $"The video was not made: {state}.", []));
                return;
            }

            await changed();
            await Task.Delay(1000, stop);
            using var request = Request(HttpMethod.Get, $"v1/videos/{id}", null);
            using var response = await api.SendRawAsync(request, stop);
            if (!response.IsSuccessStatusCode)
            {
                Fail(turn, await ProblemOfAsync(response, turn, stop));
                return;
            }

            job = await JsonAsync(response, stop);
        }
    }

    private async Task FetchAsync(string id, Turn turn, CancellationToken stop)
    {
        using var request = Request(HttpMethod.Get, $"v1/videos/{id}/content", null);
        using var response = await api.SendRawAsync(request, stop);
        if (!response.IsSuccessStatusCode)
        {
            Fail(turn, await ProblemOfAsync(response, turn, stop));
            return;
        }

        var type = response.Content.Headers.ContentType?.MediaType;
        var bytes = await response.Content.ReadAsByteArrayAsync(stop);
        turn.Media.Add(new Medium(type?.StartsWith("video/", StringComparison.Ordinal) == true ? type : "video/mp4", bytes, null));
    }

    private HttpRequestMessage Request(HttpMethod method, string path, HttpContent? content)
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.TryAddWithoutValidation("x-bf-cost", "true");
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        }

        return request;
    }

    private static async Task<JsonNode?> JsonAsync(HttpResponseMessage response, CancellationToken stop) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(stop));

    private static async Task<Problem> ProblemOfAsync(HttpResponseMessage response, Turn turn, CancellationToken stop)
    {
        var status = (int)response.StatusCode;
        var text = await response.Content.ReadAsStringAsync(stop);
        string? message = null;
        try
        {
            var error = JsonNode.Parse(text)?["error"];
            message = Text(error?["message"]);
            turn.ProblemWord = Text(error?["code"]) ?? Text(error?["type"]);
        }
        catch (JsonException)
        {
            // Then the status says all there is to say.
        }

        var wait = response.Headers.RetryAfter?.Delta is { } after ? $" Try again in {after.TotalSeconds:0} seconds." : "";
        return new Problem(status, (message ?? $"The gateway answered with status {status}.") + wait, []);
    }

    private static void Fail(Turn turn, Problem problem)
    {
        turn.Problem = problem;
        turn.State = TurnState.Failed;
    }

    private static void Costed(Turn turn, string? text)
    {
        if (decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var cost))
        {
            turn.Cost = cost;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
