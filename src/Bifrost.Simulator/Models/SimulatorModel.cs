using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>A model of the catalogue. Immutable.</summary>
public sealed record SimulatorModel
{
    private readonly Lazy<ModelSchema> schema;

    /// <summary>Makes a model; the schema is read on first use.</summary>
    public SimulatorModel() => schema = new Lazy<ModelSchema>(() => ModelSchema.Read(OpenApiJson!));

    private SimulatorModel(SimulatorModel other)
    {
        Owner = other.Owner;
        Name = other.Name;
        OpenApiJson = other.OpenApiJson;
        Official = other.Official;
        Description = other.Description;
        Version = other.Version;
        Kind = other.Kind;
        ColdStart = other.ColdStart;
        RunTime = other.RunTime;
        RunCount = other.RunCount;
        CreatedAt = other.CreatedAt;
        IsPublic = other.IsPublic;
        schema = new Lazy<ModelSchema>(() => ModelSchema.Read(OpenApiJson));
    }

    /// <summary>The part before the slash.</summary>
    public required string Owner { get; init; }

    /// <summary>The part after the slash.</summary>
    public required string Name { get; init; }

    /// <summary>Cog's OpenAPI document as JSON text.</summary>
    public required string OpenApiJson { get; init; }

    /// <summary>Official models are called by name and report <c>hidden</c> as version; others need a version.</summary>
    public bool Official { get; init; } = true;

    /// <summary>A sentence about the model.</summary>
    public string Description { get; init; } = "";

    /// <summary>64 hexadecimal digits; made from the name when not given.</summary>
    public string? Version { get; init; }

    /// <summary>What it makes.</summary>
    public AnswerKind Kind { get; init; }

    /// <summary>Lifelike time in <c>starting</c>.</summary>
    public TimeSpan ColdStart { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Lifelike time in <c>processing</c> for everything that is not text.</summary>
    public TimeSpan RunTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Runs so far.</summary>
    public long RunCount { get; init; } = 1000;

    /// <summary>When the version was made, RFC 3339.</summary>
    public string CreatedAt { get; init; } = "2026-03-02T09:30:00.000000Z";

    /// <summary>Whether it is listed.</summary>
    public bool IsPublic { get; init; } = true;

    /// <summary><c>owner/name</c>.</summary>
    public string Id => Owner + "/" + Name;

    /// <summary>The version, made from the name when none was given.</summary>
    public string VersionId => Version ?? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Id)));

    internal ModelSchema Schema => schema.Value;

    /// <summary>A model from nothing but its Input and Output schemas (and further components), each as JSON text.</summary>
    public static SimulatorModel From(string id, string inputSchema, string outputSchema, string? components = null, bool official = true)
    {
        var slash = id.IndexOf('/', StringComparison.Ordinal);
        var schemas = components is null ? [] : (JsonObject)JsonNode.Parse(components)!;
        schemas["Input"] = JsonNode.Parse(inputSchema);
        schemas["Output"] = JsonNode.Parse(outputSchema);
        var document = new JsonObject
        {
            ["openapi"] = "3.0.2",
            ["info"] = new JsonObject { ["title"] = "Cog", ["version"] = "0.1.0" },
            ["paths"] = new JsonObject(),
            ["components"] = new JsonObject { ["schemas"] = schemas },
        };
        return new SimulatorModel
        {
            Owner = id[..slash],
            Name = id[(slash + 1)..],
            OpenApiJson = document.ToJsonString(Protocol.Json),
            Official = official,
        };
    }

    internal JsonObject ToJson() =>
        new()
        {
            ["url"] = "https://replicate.com/" + Id,
            ["owner"] = Owner,
            ["name"] = Name,
            ["description"] = Description,
            ["visibility"] = IsPublic ? "public" : "private",
            ["is_official"] = Official,
            ["github_url"] = null,
            ["paper_url"] = null,
            ["license_url"] = null,
            ["run_count"] = RunCount,
            ["cover_image_url"] = null,
            ["default_example"] = null,
            ["latest_version"] = VersionToJson(),
        };

    internal JsonObject VersionToJson() =>
        new()
        {
            ["id"] = VersionId,
            ["created_at"] = CreatedAt,
            ["cog_version"] = "0.16.9",
            ["openapi_schema"] = JsonNode.Parse(OpenApiJson),
        };

    /// <summary>Reads a catalogue file: Replicate's model object with a member about the simulation.</summary>
    internal static SimulatorModel Read(JsonElement file)
    {
        var version = file.GetProperty("latest_version");
        var simulation = file.GetProperty("x-simulator");
        return new SimulatorModel
        {
            Owner = file.GetProperty("owner").GetString()!,
            Name = file.GetProperty("name").GetString()!,
            Description = file.GetProperty("description").GetString()!,
            Official = file.GetProperty("is_official").GetBoolean(),
            RunCount = file.GetProperty("run_count").GetInt64(),
            Version = version.GetProperty("id").GetString(),
            CreatedAt = version.GetProperty("created_at").GetString()!,
            OpenApiJson = version.GetProperty("openapi_schema").GetRawText(),
            Kind = simulation.TryGetProperty("kind", out var kind) ? Enum.Parse<AnswerKind>(kind.GetString()!, ignoreCase: true) : default,
            ColdStart = TimeSpan.FromSeconds(simulation.GetProperty("coldStartSeconds").GetDouble()),
            RunTime = TimeSpan.FromSeconds(simulation.TryGetProperty("runSeconds", out var run) ? run.GetDouble() : 1),
        };
    }
}
