using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Every path the simulator knows, and who answers it.</summary>
internal sealed class Routes(
    SimulatorOptions options,
    PredictionEndpoints predictions,
    ModelEndpoints models,
    FileEndpoints files,
    DeliveryEndpoint deliveries,
    StreamEndpoint streams
)
{
    /// <summary>Whether the path is open to callers without a token: streams and downloads carry their secret in the address.</summary>
    public static bool IsOpen(string[] path) => path is ["delivery", ..] or ["v1", "streams", _] or ["v1", "files", _, "download"];

    /// <summary>Whether the call counts against the budget for creates.</summary>
    public static bool IsCreate(string method, string[] path) => method == "POST" && path is ["v1", .., "predictions"];

    public async Task<Reply> AnswerAsync(Call call, string[] path) =>
        (call.Request.Method, path) switch
        {
            ("POST", ["v1", "predictions"]) => await predictions.CreateByVersionAsync(call),
            ("POST", ["v1", "models", var owner, var name, "predictions"]) => await predictions.CreateByModelAsync(call, owner, name),
            ("POST", ["v1", "deployments", var owner, var name, "predictions"]) => await predictions.CreateByDeploymentAsync(
                call,
                owner,
                name
            ),
            ("GET", ["v1", "predictions"]) => predictions.List(call),
            ("GET", ["v1", "predictions", var id]) => predictions.Get(call, id),
            ("POST", ["v1", "predictions", var id, "cancel"]) => predictions.Cancel(call, id),
            ("GET", ["v1", "streams", var key]) => streams.Get(call, key),
            ("GET" or "HEAD", ["delivery", var key, var file]) => deliveries.Get(call, key, file),
            ("POST", ["v1", "files"]) => await files.UploadAsync(call),
            ("GET", ["v1", "files"]) => files.List(call),
            ("GET", ["v1", "files", var id]) => files.Get(call, id),
            ("DELETE", ["v1", "files", var id]) => files.Delete(call, id),
            ("GET", ["v1", "files", var id, "download"]) => files.Download(call, id),
            ("GET", ["v1", "models"]) => models.List(call),
            ("QUERY", ["v1", "models"]) => models.Search(call),
            ("GET", ["v1", "search"]) => models.SearchAll(call),
            ("GET", ["v1", "models", var owner, var name]) => models.Get(owner, name),
            ("GET", ["v1", "models", var owner, var name, "versions"]) => models.Versions(call, owner, name),
            ("GET", ["v1", "models", var owner, var name, "versions", var id]) => models.Version(owner, name, id),
            ("GET", ["v1", "models", var owner, var name, "readme"]) => models.Readme(owner, name),
            ("GET", ["v1", "models", _, _, "examples"]) => NoPage(),
            ("GET", ["v1", "deployments"]) => models.Deployments(call),
            ("GET", ["v1", "deployments", var owner, var name]) => models.Deployment(owner, name),
            ("GET", ["v1", "hardware"]) => ModelEndpoints.Hardware(),
            ("GET", ["v1", "account"]) => Account(call),
            ("GET", ["v1", "webhooks", "default", "secret"]) => Reply.Json(200, new JsonObject { ["key"] = options.WebhookSecret }),
            ("GET", ["v1", "trainings" or "collections"]) => NoPage(),
            _ => Problem.NotFound().ToReply(),
        };

    private static Reply NoPage() =>
        Reply.Json(
            200,
            new JsonObject
            {
                ["next"] = null,
                ["previous"] = null,
                ["results"] = new JsonArray(),
            }
        );

    private static Reply Account(Call call) =>
        Reply.Json(
            200,
            new JsonObject
            {
                ["type"] = "organization",
                ["username"] = call.Account,
                ["name"] = "Simulated account",
                ["github_url"] = null,
            }
        );
}
