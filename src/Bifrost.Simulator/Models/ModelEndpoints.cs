using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Models, versions, deployments and the smaller catalogues around them.</summary>
internal sealed class ModelEndpoints(SimulatorModels models, SimulatorOptions options, Func<Uri> baseUrl)
{
    public Reply List(Call call) => Pages.Of(call, baseUrl(), "/models", Public(), model => model.ToJson());

    public Reply Search(Call call)
    {
        var wanted = call.Request.Text.Trim();
        return Pages.Of(call, baseUrl(), "/models", Matching(wanted), model => model.ToJson());
    }

    public Reply SearchAll(Call call)
    {
        var found = new JsonArray();
        foreach (var model in Matching(call.Query("query") ?? "").Take(20))
        {
            found.Add(
                (JsonNode)
                    new JsonObject
                    {
                        ["model"] = model.ToJson(),
                        ["metadata"] = new JsonObject { ["score"] = 1 },
                    }
            );
        }

        return Reply.Json(
            200,
            new JsonObject
            {
                ["query"] = call.Query("query"),
                ["models"] = found,
                ["collections"] = new JsonArray(),
                ["pages"] = new JsonArray(),
            }
        );
    }

    public Reply Get(string owner, string name) =>
        models.Find($"{owner}/{name}") is { } model ? Reply.Json(200, model.ToJson()) : Problem.NotFound().ToReply();

    public Reply Versions(Call call, string owner, string name) =>
        models.Find($"{owner}/{name}") is { } model
            ? Pages.Of(call, baseUrl(), $"/models/{owner}/{name}/versions", [model], version => version.VersionToJson())
            : Problem.NotFound().ToReply();

    public Reply Version(string owner, string name, string id) =>
        models.Find($"{owner}/{name}") is { } model && model.VersionId == id
            ? Reply.Json(200, model.VersionToJson())
            : Problem.NotFound().ToReply();

    public Reply Readme(string owner, string name) =>
        models.Find($"{owner}/{name}") is { } model
            ? Reply.Text(200, $"# {model.Id}\n\n{model.Description}\n", "text/plain; charset=utf-8")
            : Problem.NotFound().ToReply();

    public Reply Deployments(Call call) =>
        Pages.Of(call, baseUrl(), "/deployments", [.. models.Deployments.Keys.Order(StringComparer.Ordinal)], DeploymentJson);

    public Reply Deployment(string owner, string name) =>
        models.Deployments.ContainsKey($"{owner}/{name}")
            ? Reply.Json(200, DeploymentJson($"{owner}/{name}"))
            : Problem.NotFound().ToReply();

    public static Reply Hardware()
    {
        var skus = new (string Sku, string Name)[]
        {
            ("cpu", "CPU"),
            ("cpu-small", "CPU (Small)"),
            ("gpu-t4", "Nvidia T4 GPU"),
            ("gpu-l40s", "Nvidia L40S GPU"),
            ("gpu-l40s-2x", "2x Nvidia L40S GPU"),
            ("gpu-a100-large", "Nvidia A100 (80GB) GPU"),
            ("gpu-a100-large-2x", "2x Nvidia A100 (80GB) GPU"),
            ("gpu-h100", "Nvidia H100 GPU"),
        };
        return Reply.Json(200, new JsonArray([.. skus.Select(sku => (JsonNode)new JsonObject { ["sku"] = sku.Sku, ["name"] = sku.Name })]));
    }

    private List<SimulatorModel> Public() => [.. models.All.Where(model => model.IsPublic)];

    private List<SimulatorModel> Matching(string wanted) =>
        [
            .. Public()
                .Where(model =>
                    model.Id.Contains(wanted, StringComparison.OrdinalIgnoreCase)
                    || model.Description.Contains(wanted, StringComparison.OrdinalIgnoreCase)
                ),
        ];

    private JsonObject DeploymentJson(string id)
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        var model = models.FindDeployment(id);
        return new JsonObject
        {
            ["owner"] = id[..slash],
            ["name"] = id[(slash + 1)..],
            ["current_release"] = new JsonObject
            {
                ["number"] = 1,
                ["model"] = model?.Id,
                ["version"] = model?.VersionId ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id))),
                ["created_at"] = "2026-04-01T12:00:00.000Z",
                ["created_by"] = new JsonObject
                {
                    ["type"] = "organization",
                    ["username"] = options.AccountName,
                    ["name"] = "Simulated account",
                },
                ["configuration"] = new JsonObject
                {
                    ["hardware"] = "gpu-l40s",
                    ["min_instances"] = 0,
                    ["max_instances"] = 2,
                },
            },
        };
    }
}
