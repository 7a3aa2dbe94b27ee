using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Bifrost.Core.World;

/// <summary>A provider's key, resolved. Immutable.</summary>
public sealed class KeyModel
{
    private readonly FrozenSet<string>? _models;
    private readonly FrozenSet<string> _blacklist;

    public KeyModel(KeyConfig config)
    {
        Name = config.Name;
        Id = config.Id ?? config.Name;
        Value = config.Value;
        Weight = config.Weight;
        Extras = config.Extras;
        Aliases = config.Aliases.ToFrozenDictionary(StringComparer.Ordinal);
        _models = config.Models is null || HasStar(config.Models) ? null : config.Models.ToFrozenSet(StringComparer.Ordinal);
        _blacklist = config.BlacklistedModels.ToFrozenSet(StringComparer.Ordinal);
        Bearer = Value.IsEmpty ? null : "Bearer " + Value.Reveal();
        Fingerprint = SHA256.HashData(Encoding.UTF8.GetBytes("bifrost key\n" + Value.Reveal())).AsMemory(0, 6);
    }

    /// <summary>A key that a caller brought for one request. Never stored or logged.</summary>
    public static KeyModel Direct(string value) =>
        new(new KeyConfig { Name = "header-provided", Value = new Secret(value) }) { IsDirect = true };

    public string Name { get; }

    public string Id { get; }

    public Secret Value { get; }

    public double Weight { get; }

    /// <summary>Alias → model name to send.</summary>
    public FrozenDictionary<string, string> Aliases { get; }

    public JsonElement? Extras { get; }

    /// <summary>Brought by the caller: its troubles are the caller's to know.</summary>
    public bool IsDirect { get; private init; }

    /// <summary>Made once, so that no request builds it again. Null without a value.</summary>
    public string? Bearer { get; }

    /// <summary>Six bytes that tell keys apart without giving them away.</summary>
    public ReadOnlyMemory<byte> Fingerprint { get; }

    /// <summary>The models it is limited to, or null for all.</summary>
    public IReadOnlyCollection<string>? Models => _models;

    public bool Serves(string model) =>
        !_blacklist.Contains(model) && (_models is null || _models.Contains(model) || Aliases.ContainsKey(model));

    private static bool HasStar(IReadOnlyList<string> models)
    {
        foreach (var model in models)
        {
            if (model == "*")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The name to send for a name asked for.</summary>
    public string Sent(string model) => Aliases.TryGetValue(model, out var sent) ? sent : model;
}
