using System.Text.Json.Nodes;
using Bifrost.Core.World;
using Bifrost.Governance.Prices;

namespace Bifrost.Configuration.Settings;

/// <summary>Where a provider's settings come from.</summary>
public enum Origin
{
    /// <summary>An environment variable; not kept until it is edited.</summary>
    Environment,

    /// <summary>config.json, unchanged since it was taken from there.</summary>
    File,

    /// <summary>The management API.</summary>
    Api,
}

/// <summary>A configured provider as it may be shown: no secret in clear.</summary>
/// <param name="Name">The prefix in model strings.</param>
/// <param name="Origin">Where it comes from.</param>
/// <param name="Document">In the published shape, without <c>name</c> and <c>keys</c>. A copy; the reader may change it.</param>
/// <param name="Keys">Its keys, in their order.</param>
/// <param name="Config">What is in force; null when the provider cannot be used as it is set (see <paramref name="Trouble"/>).</param>
/// <param name="Trouble">Why it is not in force, or null.</param>
public sealed record ProviderView(
    string Name,
    Origin Origin,
    JsonObject Document,
    IReadOnlyList<KeyView> Keys,
    ProviderConfig? Config,
    string? Trouble
)
{
    /// <summary>The document with <c>name</c> and <c>keys</c>, as version 1.4 shows it.</summary>
    public JsonObject Whole()
    {
        var whole = new JsonObject { ["name"] = Name };
        foreach (var (name, value) in Document)
        {
            whole[name] = value?.DeepClone();
        }

        whole["keys"] = new JsonArray([.. Keys.Select(k => (JsonNode)k.Document.DeepClone())]);
        return whole;
    }
}

/// <param name="Id">Never changes.</param>
/// <param name="Provider">Whose.</param>
/// <param name="Name">Unique at its provider.</param>
/// <param name="Document">In the published shape, <c>id</c> included; <c>value</c> is <c>{value, env_var, from_env}</c> with the value masked. A copy.</param>
public sealed record KeyView(string Id, string Provider, string Name, JsonObject Document);

/// <summary>The administrator's account.</summary>
/// <param name="IsEnabled">The management API asks for a login.</param>
/// <param name="Username">Empty when none is set.</param>
/// <param name="PasswordHash">As the <see cref="IPasswordHasher"/> made it; null when there is no password.</param>
/// <param name="DisableAuthOnInference">Inference asks for no administrator's login even where management does. Default true.</param>
public sealed record AuthSettings(bool IsEnabled, string Username, string? PasswordHash, bool DisableAuthOnInference)
{
    public static AuthSettings None { get; } = new(false, "", null, true);

    /// <summary>Never the hash.</summary>
    public override string ToString() => $"{Username}, {(IsEnabled ? "on" : "off")}";
}

/// <summary>An override of prices as it was entered.</summary>
/// <param name="Id">Never changes.</param>
/// <param name="Document">In the published shape, <c>id</c> included. A copy.</param>
/// <param name="Override">What is in force.</param>
public sealed record PriceOverrideView(string Id, JsonObject Document, PriceOverride Override);

/// <summary>What to do with a model that has no price.</summary>
public enum UnpricedModels
{
    /// <summary>Serve it, and mark what it cost as unknown.</summary>
    Allow,

    /// <summary>Refuse it.</summary>
    Refuse,
}

/// <summary>Makes and compares password hashes. Slow on purpose; thread-safe.</summary>
public interface IPasswordHasher
{
    /// <summary>A text that holds algorithm, cost, salt and hash.</summary>
    string Hash(string password);

    bool Verify(string password, string hash);
}
