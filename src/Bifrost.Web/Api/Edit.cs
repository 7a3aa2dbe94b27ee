using System.Text.Json.Nodes;

namespace Bifrost.Web.Api;

/// <summary>A thing that somebody changes in a form while somebody else may change it too. Only what was typed anew is sent, and only upon the version that was read:
/// nobody's work is written over without a word. One for each form that is opened.</summary>
/// <param name="api">Where it is sent.</param>
/// <param name="path">The thing's address.</param>
/// <param name="version">Which version the form began with.</param>
/// <param name="before">What the form would send if nothing was typed.</param>
internal sealed class Edit(GatewayApi api, string path, string? version, JsonObject before)
{
    private string? _version = version;

    /// <summary>Sends what differs from how the form began.</summary>
    /// <param name="now">What the form says now.</param>
    public Task<Answer<T>> SaveAsync<T>(JsonObject now) => api.PatchAsync<T>(path, Changes(before, now), _version);

    /// <summary>The same upon the newest version: what somebody else has changed stays, apart from what was typed here too.</summary>
    public async Task<Answer<T>> SaveUponNewestAsync<T>(JsonObject now)
    {
        var newest = await api.GetAsync<JsonNode>(path);
        if (newest.Problem is { } problem)
        {
            return new Answer<T>(default, problem);
        }

        _version = newest.Version;
        return await SaveAsync<T>(now);
    }

    internal static JsonObject Changes(JsonObject before, JsonObject now)
    {
        var changes = new JsonObject();
        foreach (var (name, value) in now)
        {
            if (!before.TryGetPropertyValue(name, out var was) || !JsonNode.DeepEquals(was, value))
            {
                changes[name] = value?.DeepClone();
            }
        }

        return changes;
    }
}
