using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Lives a prediction's life: cold start, work, end. Every wait can be ended by cancel, by the deadline or by the simulator's stop.</summary>
internal sealed class PredictionRunner(Pace pace, DeliveryStore deliveries, WebhookSender webhooks, CancellationToken stopping)
{
    private static readonly TimeSpan TokenTime = TimeSpan.FromMilliseconds(22);

    public async Task RunAsync(SimulatedPrediction prediction)
    {
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stopping, prediction.Stopped);
        await using var deadline = StartDeadline(prediction);
        try
        {
            await LiveAsync(prediction, both.Token);
            if (!prediction.IsTerminal)
            {
                // The deadline and cancel must outlive the work when a script says that it never ends.
                await prediction.EndedAsync(stopping);
            }
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
            // Whoever stopped it has already set the end.
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // Nobody awaits a running prediction: an error of ours must show where the test looks.
            _ = prediction.Finish("failed", pace.Now, "Error in the simulator: " + bug);
        }

        if (prediction.IsTerminal)
        {
            webhooks.Completed(prediction);
        }
    }

    /// <summary>What the metrics would say if it ended now.</summary>
    public JsonObject Measure(SimulatedPrediction prediction) => Measure(prediction, TimeSpan.Zero);

    /// <summary>The output a healthy end would have, for predictions whose steps are scripted.</summary>
    public JsonNode? FinalOutput(SimulatedPrediction prediction) =>
        AnswerOf(prediction) switch
        {
            Answer.Pieces pieces => new JsonArray([.. pieces.Texts.Select(text => (JsonNode)JsonValue.Create(text))]),
            Answer.Value value => value.Node,
            Answer.Files files => Deliver(prediction, files),
            _ => null,
        };

    /// <summary>Metrics of the healthy end, counted from the answer.</summary>
    public JsonObject? FinalMetrics(SimulatedPrediction prediction)
    {
        var answer = AnswerOf(prediction);
        return Count(Measure(prediction, prediction.Request.Model.RunTime), answer, prediction);
    }

    private async Task LiveAsync(SimulatedPrediction prediction, CancellationToken ct)
    {
        var plan = prediction.Plan;
        if (plan.NeverStarts || !plan.Steps.IsEmpty)
        {
            return;
        }

        await (plan.ColdStart is { } cold ? pace.ExactlyAsync(cold, ct) : pace.LifelikeAsync(prediction.Request.Model.ColdStart, ct));
        if (plan.EndStatus == "aborted")
        {
            _ = prediction.Finish("aborted", pace.Now);
            return;
        }

        prediction.Start(pace.Now);
        webhooks.Started(prediction);
        await (plan.RunTime is { } run ? pace.ExactlyAsync(run, ct) : Task.CompletedTask);
        if (plan.NeverFinishes)
        {
            return;
        }

        await WorkAsync(prediction, AnswerOf(prediction), ct);
    }

    private async Task WorkAsync(SimulatedPrediction prediction, Answer answer, CancellationToken ct)
    {
        var plan = prediction.Plan;
        var end = plan.EndStatus;
        var error = plan.ErrorNode ?? plan.Error;
        var planned = TimeSpan.Zero;
        if (end is null && LastScript(prediction) is { } script)
        {
            (end, error) = EndOf(script);
        }

        if (end == "failed" && LastScript(prediction) is null)
        {
            _ = prediction.Finish("failed", pace.Now, error, Measure(prediction, TimeSpan.Zero));
            return;
        }

        switch (answer)
        {
            case Answer.Failure failure:
                _ = prediction.Finish("failed", pace.Now, failure.Error, Measure(prediction, TimeSpan.Zero));
                return;
            case Answer.Pieces pieces:
                planned = await SpeakAsync(prediction, pieces, ct);
                break;
            case Answer.Value value:
                planned = await ProgressAsync(prediction, ct);
                prediction.SetOutput(value.Node);
                break;
            case Answer.Files files:
                planned = await ProgressAsync(prediction, ct);
                prediction.SetOutput(Deliver(prediction, files));
                break;
        }

        webhooks.Progressed(prediction);
        _ = prediction.Finish(end ?? "succeeded", pace.Now, error, Count(Measure(prediction, planned), answer, prediction));
    }

    private async Task<TimeSpan> SpeakAsync(SimulatedPrediction prediction, Answer.Pieces pieces, CancellationToken ct)
    {
        foreach (var piece in pieces.Texts)
        {
            await pace.LifelikeAsync(TokenTime, ct);
            prediction.AppendOutput(piece);
            webhooks.Progressed(prediction);
        }

        var tokens = pieces.Texts.Length;
        if (prediction.Request.Model.Owner == "openai")
        {
            prediction.AppendLogs(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Generating...\nInput token count: {pieces.InputTokens}\nOutput token count: {tokens}\nTotal token count: {pieces.InputTokens + tokens}\n"
                )
            );
        }

        return TokenTime * Math.Max(1, tokens);
    }

    private async Task<TimeSpan> ProgressAsync(SimulatedPrediction prediction, CancellationToken ct)
    {
        var time = prediction.Request.Model.RunTime;
        const int Steps = 10;
        for (var step = 1; step <= Steps; step++)
        {
            await pace.LifelikeAsync(time / Steps, ct);
            var bar = new string('█', step) + new string(' ', Steps - step);
            prediction.AppendLogs(string.Create(CultureInfo.InvariantCulture, $"{step * 100 / Steps, 3}%|{bar}| {step}/{Steps}\n"));
            webhooks.Progressed(prediction);
        }

        return time;
    }

    private static StreamScript? LastScript(SimulatedPrediction prediction) => prediction.Plan.StreamFor(prediction, int.MaxValue);

    private static (string? End, JsonNode? Error) EndOf(StreamScript script)
    {
        string? end = null;
        JsonNode? error = null;
        foreach (var act in script.Acts)
        {
            (end, error) = act switch
            {
                StreamAct.Failure failure => ("failed", (JsonNode?)failure.Detail),
                StreamAct.Finish { Reason: "canceled" } => ("canceled", error),
                StreamAct.Finish { Reason: "error" } => ("failed", error ?? "The prediction failed."),
                _ => (end, error),
            };
        }

        return (end, error);
    }

    private static Answer AnswerOf(SimulatedPrediction prediction)
    {
        var plan = prediction.Plan;
        if (plan.HasOutput)
        {
            return plan.Output is JsonArray texts && prediction.HasStream && texts.All(text => text is JsonValue)
                ? new Answer.Pieces([.. texts.Select(text => text!.ToString())], 0)
                : new Answer.Value(plan.Output);
        }

        return LastScript(prediction) is { } script && script.OutputTexts() is { Length: > 0 } said
            ? new Answer.Pieces(said, Tokens.Count(prediction.Input.ToJsonString()))
            : Answers.For(prediction.Request.Model, prediction.Input);
    }

    private JsonNode? Deliver(SimulatedPrediction prediction, Answer.Files files)
    {
        var urls = files.Recipes.Select(recipe =>
            prediction.Plan.DataUrls
                ? $"data:{recipe.ContentType};base64,{Convert.ToBase64String(recipe.Draw())}"
                : deliveries.Add(recipe).ToString()
        );
        return files.AsArray ? new JsonArray([.. urls.Select(url => (JsonNode)JsonValue.Create(url))]) : JsonValue.Create(urls.First());
    }

    private static JsonObject Count(JsonObject metrics, Answer answer, SimulatedPrediction prediction)
    {
        var (input, output) = answer switch
        {
            Answer.Pieces pieces => (pieces.InputTokens, pieces.Texts.Length),
            Answer.Value value => (value.InputTokens, value.OutputTokens),
            _ => (0, 0),
        };
        if (output > 0 && prediction.Request.Model.Owner != "openai")
        {
            metrics["input_token_count"] = input;
            metrics["output_token_count"] = output;
            metrics["time_to_first_token"] = 0.05;
            metrics["tokens_per_second"] = Math.Round(1 / TokenTime.TotalSeconds, 3);
        }

        if (answer is Answer.Files { Recipes: var recipes } && recipes[0].ContentType.StartsWith("image/", StringComparison.Ordinal))
        {
            metrics["image_count"] = recipes.Length;
        }

        return metrics;
    }

    private JsonObject Measure(SimulatedPrediction prediction, TimeSpan planned)
    {
        var ran = prediction.StartedAt is { } started ? pace.Now - started : TimeSpan.Zero;
        var predict = planned > ran ? planned : ran;
        var total = pace.Now - prediction.CreatedAt;
        return new JsonObject
        {
            ["predict_time"] = Math.Round(predict.TotalSeconds, 6),
            ["total_time"] = Math.Round((total > predict ? total : predict + prediction.Request.Model.ColdStart).TotalSeconds, 6),
        };
    }

    private ITimer? StartDeadline(SimulatedPrediction prediction) =>
        prediction.CancelAfter is not { } limit
            ? null
            : pace.Clock.CreateTimer(
                _ => prediction.Finish(prediction.Status == "starting" ? "aborted" : "canceled", pace.Now, null, Measure(prediction)),
                null,
                limit,
                Timeout.InfiniteTimeSpan
            );
}
