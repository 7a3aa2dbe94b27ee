using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;

namespace Bifrost.Simulator;

/// <summary>The models and deployments a simulator knows. Starts with the built-in catalogue; safe to change while it runs.</summary>
public sealed class SimulatorModels
{
    private static readonly Lazy<SimulatorModel[]> BuiltIn = new(ReadCatalogue);
    private readonly ConcurrentDictionary<string, SimulatorModel> byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> deployments = new(StringComparer.Ordinal);

    internal SimulatorModels()
    {
        foreach (var model in BuiltIn.Value)
        {
            byId[model.Id] = model;
        }

        deployments["acme/img"] = "black-forest-labs/flux-schnell";
        deployments["acme/chat"] = "meta/meta-llama-3-8b-instruct";
    }

    /// <summary>Every model, by name.</summary>
    public IReadOnlyList<SimulatorModel> All => [.. byId.Values.OrderBy(model => model.Id, StringComparer.Ordinal)];

    /// <summary>Every deployment (<c>owner/name</c>) and the model behind it.</summary>
    public IReadOnlyDictionary<string, string> Deployments => deployments;

    /// <summary>Adds a model, or replaces the one of the same name.</summary>
    public SimulatorModel Add(SimulatorModel model)
    {
        byId[model.Id] = model;
        return model;
    }

    /// <summary>Takes a model away.</summary>
    public bool Remove(string id) => byId.TryRemove(id, out _);

    /// <summary>Adds a deployment of a known model.</summary>
    public void AddDeployment(string id, string model) => deployments[id] = model;

    /// <summary>The model called <c>owner/name</c>, or null.</summary>
    public SimulatorModel? Find(string id) => byId.GetValueOrDefault(id);

    /// <summary>The model behind a deployment, or null.</summary>
    public SimulatorModel? FindDeployment(string id) => deployments.TryGetValue(id, out var model) ? Find(model) : null;

    /// <summary>The model of a version: 64 hexadecimal digits, <c>owner/name:digits</c>, or <c>owner/name</c> of an official model.</summary>
    public SimulatorModel? FindVersion(string version)
    {
        var colon = version.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0)
        {
            return Find(version[..colon]) is { } named && named.VersionId == version[(colon + 1)..] ? named : null;
        }

        if (version.Contains('/', StringComparison.Ordinal))
        {
            return Find(version) is { Official: true } official ? official : null;
        }

        return byId.Values.FirstOrDefault(model => model.VersionId == version);
    }

    private static SimulatorModel[] ReadCatalogue()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var models = new List<SimulatorModel>();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith("Models/", StringComparison.Ordinal)))
        {
            using var stream = assembly.GetManifestResourceStream(name)!;
            using var file = JsonDocument.Parse(stream);
            models.Add(SimulatorModel.Read(file.RootElement));
        }

        return [.. models];
    }
}
