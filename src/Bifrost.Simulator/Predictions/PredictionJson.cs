using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>The prediction object as the API shows it.</summary>
internal sealed class PredictionJson(Pace pace, Func<Uri> baseUrl, TimeSpan retention)
{
    public JsonObject Write(SimulatedPrediction prediction) => Write(prediction, prediction.Snapshot());

    /// <summary>The object right after creation, whatever has happened since.</summary>
    public JsonObject WriteCreated(SimulatedPrediction prediction)
    {
        var now = prediction.Snapshot();
        return Write(
            prediction,
            now with
            {
                Status = "starting",
                Output = null,
                Logs = "",
                Error = null,
                Metrics = null,
                StartedAt = null,
                CompletedAt = null,
            }
        );
    }

    /// <summary>The object as a blocking create of 2024 showed it: all output, not yet settled.</summary>
    public JsonObject WriteUnsettled(SimulatedPrediction prediction) =>
        Write(
            prediction,
            prediction.Snapshot() with
            {
                Status = "processing",
                Logs = "",
                Metrics = null,
                StartedAt = null,
                CompletedAt = null,
            }
        );

    private JsonObject Write(SimulatedPrediction prediction, PredictionSnapshot at)
    {
        var plan = prediction.Plan;
        var removed = SimulatedPrediction.IsFinal(at.Status) && (plan.DataRemoved || at.CompletedAt + retention < pace.Now);
        var json = new JsonObject
        {
            ["id"] = prediction.Id,
            ["model"] = prediction.Model,
            ["version"] = prediction.Version,
            ["input"] = removed ? new JsonObject() : JsonNode.Parse(at.Input),
            ["logs"] = removed ? "" : at.Logs,
            ["output"] = removed || at.Output is null ? null : JsonNode.Parse(at.Output),
            ["data_removed"] = removed,
            ["error"] = at.Error,
            ["source"] = "api",
            ["status"] = at.Status,
            ["created_at"] = Stamp(prediction.CreatedAt, plan),
        };
        Put(json, "started_at", at.StartedAt, plan);
        Put(json, "completed_at", at.CompletedAt, plan);
        Put(json, "deadline", prediction.CreatedAt + prediction.CancelAfter, plan);
        if (prediction.Deployment is { } deployment)
        {
            json["deployment"] = deployment;
        }

        if (prediction.Webhook is { } webhook)
        {
            json["webhook"] = webhook.OriginalString;
            json["webhook_events_filter"] = new JsonArray([
                .. prediction.Request.WebhookEvents.Select(name => (JsonNode)JsonValue.Create(name)),
            ]);
        }

        if (at.Metrics is { } metrics)
        {
            json["metrics"] = metrics;
        }

        json["urls"] = Urls(prediction);
        plan.Edit?.Invoke(json);
        return json;
    }

    private static string Stamp(DateTimeOffset at, PredictionPlan plan) =>
        plan.NanoTimestamps ? Protocol.NanoTimestamp(at) : Protocol.Timestamp(at);

    private static void Put(JsonObject json, string name, DateTimeOffset? at, PredictionPlan plan)
    {
        if (at is { } moment)
        {
            json[name] = Stamp(moment, plan);
        }
    }

    private JsonObject Urls(SimulatedPrediction prediction)
    {
        var get = $"{baseUrl()}/predictions/{prediction.Id}";
        var urls = new JsonObject { ["cancel"] = get + "/cancel", ["get"] = get };
        if (prediction.HasStream)
        {
            urls["stream"] = prediction.Plan.StreamUrl ?? $"{baseUrl()}/streams/{prediction.StreamKey}";
        }

        urls["web"] = "https://replicate.com/p/" + prediction.Id;
        return urls;
    }
}
