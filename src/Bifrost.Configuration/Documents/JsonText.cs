using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Bifrost.Configuration.Documents;

/// <summary>JSON as text that is the same whenever it means the same: names in order, no blanks, nothing that is null.</summary>
internal static class JsonText
{
    public static byte[] Bytes(JsonNode node) => Encoding.UTF8.GetBytes(node.ToJsonString());

    /// <summary>SHA-256, lower-case hex.</summary>
    public static string HashOf(JsonNode node)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            Write(writer, node);
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()));
    }

    /// <summary>An id that the same names always give, in the form of a UUID (version 8: made by a rule of our own).</summary>
    public static string StableId(string kind, params ReadOnlySpan<string> names)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"bifrost id\n{kind}\n{string.Join('\n', names)}"));
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true).ToString("D");
    }

    /// <summary>As an object to change; null when it is none.</summary>
    public static JsonObject? ToObject(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object ? JsonObject.Create(element.Clone())!.DeepClone().AsObject() : null;

    public static JsonObject? ToObject(ReadOnlyMemory<byte> json) => JsonNode.Parse(json.Span) as JsonObject;

    private static void Write(Utf8JsonWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                writer.WriteStartObject();
                foreach (var (name, value) in members.Where(m => m.Value is not null).OrderBy(m => m.Key, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(name);
                    Write(writer, value);
                }

                writer.WriteEndObject();
                break;
            case JsonArray items:
                writer.WriteStartArray();
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }
}
