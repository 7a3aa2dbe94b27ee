using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Governance.Stores;

namespace Bifrost.Configuration.Documents;

/// <summary>Treats the secrets of a document, wherever its shape says one stands: masked when shown, sealed when kept, and put back when a shown document
/// is sent back.</summary>
internal static class SecretFields
{
    public const string Redacted = "<redacted>";
    public const string EnvironmentPrefix = "env.";

    private const int Visible = 4;
    private const int Stars = 24;

    public static bool IsReference(string text) => text.StartsWith(EnvironmentPrefix, StringComparison.Ordinal);

    /// <summary>What people see of a secret. A reference to the environment is no secret; a short value is not shown at all.</summary>
    public static string Masked(string text) =>
        IsReference(text) ? text
        : text.Length < Visible * 4 ? Redacted
        : text[..Visible] + new string('*', Stars) + text[^Visible..];

    /// <summary>A copy that may be shown. A key's <c>value</c> becomes <c>{value, env_var, from_env}</c>.</summary>
    public static JsonObject Shown(JsonObject document, Section shape)
    {
        var copy = Each(document, shape, (_, text) => IsReference(text) ? text : Redacted);
        if (shape.Find("value") is { Secret: true } && document["value"] is JsonValue value && value.TryGetValue<string>(out var kept))
        {
            var reference = IsReference(kept);
            copy["value"] = new JsonObject
            {
                ["value"] = reference ? "" : Masked(kept),
                ["env_var"] = reference ? kept : "",
                ["from_env"] = reference,
            };
        }

        return copy;
    }

    /// <summary>A copy without secrets, in the form of the file.</summary>
    public static JsonObject Exported(JsonObject document, Section shape) =>
        Each(document, shape, (_, text) => IsReference(text) ? text : Redacted);

    public static JsonObject Sealed(JsonObject document, Section shape, ISecretBox? box) =>
        box is null ? document.DeepClone().AsObject() : Each(document, shape, (_, text) => IsReference(text) ? text : box.Seal(text));

    /// <summary>Throws <see cref="System.Security.Cryptography.CryptographicException"/> when a secret was sealed with a key that is not known.</summary>
    public static JsonObject Opened(JsonObject document, Section shape, ISecretBox? box) =>
        box is null ? document : Each(document, shape, (_, text) => box.Open(text));

    /// <summary>The document that is meant by one that was sent: object forms become texts, and what only stands for a secret becomes the secret
    /// that is kept.</summary>
    public static JsonObject Meant(JsonObject sent, JsonObject? kept, Section shape)
    {
        var meant = new JsonObject();
        foreach (var (name, value) in sent)
        {
            var field = shape.Find(name);
            var before = kept?[field?.SameAs ?? name];
            meant[name] = (field, value) switch
            {
                ({ Kind: FieldKind.Text, FromEnvironment: true }, _) => Meant(value, before),
                ({ Kind: FieldKind.TextMap, FromEnvironment: true }, JsonObject map) => new JsonObject(
                    map.Select(m => KeyValuePair.Create(m.Key, Meant(m.Value, (before as JsonObject)?[m.Key])))
                ),
                ({ Kind: FieldKind.Section, Inside: { } inside }, JsonObject members) => Meant(members, before as JsonObject, inside),
                _ => value?.DeepClone(),
            };
        }

        return meant;
    }

    private static JsonNode? Meant(JsonNode? sent, JsonNode? kept)
    {
        if (sent is JsonObject form && form.All(m => m.Key is "value" or "env_var" or "from_env" or "ref" or "type"))
        {
            var variable = TextOf(form["env_var"]) ?? TextOf(form["ref"]);
            sent = variable is { Length: > 0 }
                ? JsonValue.Create(IsReference(variable) ? variable : EnvironmentPrefix + variable)
                : form["value"]?.DeepClone();
        }

        var keptText = TextOf(kept);
        return keptText is not null && TextOf(sent) is { } text && (text == Redacted || text == Masked(keptText))
            ? JsonValue.Create(keptText)
            : sent?.DeepClone();
    }

    private static JsonObject Each(JsonObject document, Section shape, Func<Field, string, string> change)
    {
        var copy = new JsonObject();
        foreach (var (name, value) in document)
        {
            var field = shape.Find(name);
            copy[name] = (field, value) switch
            {
                ({ Kind: FieldKind.Text, Secret: true }, JsonValue text) => Changed(field, text, change),
                ({ Kind: FieldKind.TextMap, Secret: true }, JsonObject map) => new JsonObject(
                    map.Select(m =>
                        KeyValuePair.Create(m.Key, m.Value is JsonValue text ? Changed(field, text, change) : m.Value?.DeepClone())
                    )
                ),
                ({ Kind: FieldKind.Section, Inside: { } inside }, JsonObject members) => Each(members, inside, change),
                ({ Kind: FieldKind.Sections, Inside: { } inside }, JsonArray items) => new JsonArray([
                    .. items.Select(i => i is JsonObject members ? Each(members, inside, change) : i?.DeepClone()),
                ]),
                _ => value?.DeepClone(),
            };
        }

        return copy;
    }

    private static JsonNode? Changed(Field field, JsonValue value, Func<Field, string, string> change) =>
        TextOf(value) is { } text ? JsonValue.Create(change(field, text)) : value.DeepClone();

    private static string? TextOf(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
