using System.Text.Json.Nodes;
using Bifrost.Web.Api;

namespace Bifrost.Web.Governance;

/// <summary>What things are called of which only the id is known. Asked once for each.</summary>
public sealed class Names
{
    private readonly GatewayApi _api;

    internal Names(GatewayApi api) => _api = api;

    private readonly Dictionary<(string Path, string Id), string> _known = [];

    public string this[string path, string id] => _known.GetValueOrDefault((path, id), id);

    public async Task LearnAsync(IEnumerable<(string Path, string Id)> wanted)
    {
        foreach (var (path, id) in wanted.Distinct().ToList())
        {
            await FindAsync(path, id);
        }
    }

    public async Task<string> FindAsync(string path, string id)
    {
        if (path == "providers")
        {
            return id;
        }

        if (!_known.TryGetValue((path, id), out var name))
        {
            var answer = await _api.GetAsync<JsonObject>($"api/governance/{path}/{Uri.EscapeDataString(id)}");
            var found = answer.Value?.Select(m => m.Value as JsonObject).FirstOrDefault(m => m is not null);
            name = _known[(path, id)] = (string?)found?["name"] ?? (string?)found?["model_name"] ?? id;
        }

        return name;
    }
}
