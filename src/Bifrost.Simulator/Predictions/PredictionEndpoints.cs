using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Create on the three endpoints, get, cancel and list.</summary>
internal sealed class PredictionEndpoints(
    Pace pace,
    SimulatorOptions options,
    SimulatorModels models,
    Script script,
    PredictionStore store,
    PredictionRunner runner,
    PredictionJson json,
    WebhookSender webhooks,
    Func<Uri> baseUrl
)
{
    private static readonly ImmutableArray<string> AllEvents = ["start", "output", "logs", "completed"];

    public async Task<Reply> CreateByVersionAsync(Call call)
    {
        if (!TryBody(call, withVersion: true, out var body, out var fault))
        {
            return fault;
        }

        var model = models.FindVersion(body["version"]!.ToString());
        return model is null
            ? Problem.InvalidVersion().ToReply()
            : await CreateAsync(call, body, model, model.Official ? "hidden" : model.VersionId, null);
    }

    public async Task<Reply> CreateByModelAsync(Call call, string owner, string name)
    {
        if (models.Find($"{owner}/{name}") is not { Official: true } model)
        {
            return Problem.NotFound().ToReply();
        }

        return TryBody(call, withVersion: false, out var body, out var fault)
            ? await CreateAsync(call, body, model, "hidden", null)
            : fault;
    }

    public async Task<Reply> CreateByDeploymentAsync(Call call, string owner, string name)
    {
        var deployment = $"{owner}/{name}";
        if (models.FindDeployment(deployment) is not { } model)
        {
            return Problem.NotFound().ToReply();
        }

        var version = "dp-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(deployment)).AsSpan(0, 16));
        return TryBody(call, withVersion: false, out var body, out var fault)
            ? await CreateAsync(call, body, model, version, deployment)
            : fault;
    }

    public Reply Get(Call call, string id)
    {
        if (store.Find(id, call.Account) is not { } prediction)
        {
            return Problem.NotFound().ToReply();
        }

        if (prediction.TakeStep(pace.Now, () => runner.FinalOutput(prediction), () => runner.FinalMetrics(prediction)))
        {
            webhooks.Progressed(prediction);
        }

        return Reply.Json(200, json.Write(prediction));
    }

    public Reply Cancel(Call call, string id)
    {
        if (store.Find(id, call.Account) is not { } prediction)
        {
            return Problem.NotFound().ToReply();
        }

        _ = prediction.Cancel(pace.Now, runner.Measure(prediction));
        return Reply.Json(200, json.Write(prediction));
    }

    public Reply List(Call call)
    {
        var after = Moment(call.Query("created_after"));
        var before = Moment(call.Query("created_before"));
        var mine = store
            .All.Where(prediction => prediction.Account == call.Account)
            .Where(prediction => after is null || prediction.CreatedAt > after)
            .Where(prediction => before is null || prediction.CreatedAt < before)
            .OrderByDescending(prediction => prediction.Sequence)
            .ToList();
        return call.Query("source") == "web"
            ? Pages.Of(call, baseUrl(), "/predictions", Array.Empty<SimulatedPrediction>(), json.Write)
            : Pages.Of(call, baseUrl(), "/predictions", mine, json.Write);
    }

    private static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    private static bool TryBody(Call call, bool withVersion, out JsonObject body, out Reply fault)
    {
        fault = Reply.Empty(200);
        try
        {
            body = JsonNode.Parse(call.Request.Body.Span) as JsonObject ?? [];
        }
        catch (JsonException)
        {
            body = [];
            fault = Problem.Of(400, "Malformed request body", "The request body is not valid JSON.").ToReply();
            return false;
        }

        var faults = CreateValidation.Check(body, withVersion);
        if (faults.Count > 0)
        {
            fault = Problem.InvalidInput([.. faults]).ToReply();
        }

        return faults.Count == 0;
    }

    private async Task<Reply> CreateAsync(Call call, JsonObject body, SimulatorModel model, string version, string? deployment)
    {
        var input = (JsonObject)body["input"]!;
        var faults = InputValidation.Check(input, model.Schema);
        if (faults.Count > 0)
        {
            return Problem.InvalidInput([.. faults]).ToReply();
        }

        if (!Durations.TryCancelAfter(call.Request.Header("Cancel-After"), out var cancelAfter))
        {
            return Problem.Of(422, "Invalid header", "Cancel-After must be a duration of at least 5 seconds").ToReply();
        }

        var plan = script.PlanFor(model.Id, input);
        var request = new PredictionRequest
        {
            Model = model,
            Version = version,
            Account = call.Account,
            Input = input,
            Deployment = deployment,
            Webhook = body["webhook"] is JsonValue hook ? new Uri(hook.ToString()) : null,
            WebhookEvents = body["webhook_events_filter"] is JsonArray filter ? [.. filter.Select(item => item!.ToString())] : AllEvents,
            Wait = Durations.PreferWait(call.Request.Header("Prefer")),
            CancelAfter = cancelAfter,
        };
        var prediction = store.Add(request, plan, pace.Now);
        var answer = await AnswerAsync(call, prediction);
        return request.Wait is null ? answer : answer.With("Preference-Applied", call.Request.Header("Prefer")!);
    }

    private async Task<Reply> AnswerAsync(Call call, SimulatedPrediction prediction)
    {
        var plan = prediction.Plan;
        if (plan.CreateShowsOutput)
        {
            await runner.RunAsync(prediction);
            return Reply.Json(plan.CreateStatusCode ?? 201, json.WriteUnsettled(prediction));
        }

        if (prediction.Request.Wait is not { } wait || plan.IgnoresPrefer || !plan.Steps.IsEmpty)
        {
            var created = Reply.Json(plan.CreateStatusCode ?? 201, json.WriteCreated(prediction));
            _ = runner.RunAsync(prediction);
            return created;
        }

        _ = runner.RunAsync(prediction);
        using var patience = new CancellationTokenSource(wait, pace.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(call.Gone, patience.Token);
        try
        {
            await prediction.EndedAsync(either.Token);
            var unsettled = options.SyncAnswersBeforeSettling && prediction.Status == "succeeded";
            return Reply.Json(plan.CreateStatusCode ?? 201, unsettled ? json.WriteUnsettled(prediction) : json.Write(prediction));
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return Reply.Json(plan.CreateStatusCode ?? 202, json.WriteCreated(prediction));
        }
    }
}
