using System.Buffers;
using System.Text.Json;
using Bifrost.Wire.Canonical.Files;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIFiles;

internal static class FileWriter
{
    public static void Write(StoredFile file, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        Write(lease.Json, file);
    }

    public static void Write(FilePage page, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var file in page.Files)
        {
            Write(json, file);
        }

        json.WriteEndArray();
        json.WriteString("first_id"u8, page.Files.Count > 0 ? page.Files[0].Id : null);
        json.WriteString("last_id"u8, page.Files.Count > 0 ? page.Files[^1].Id : null);
        json.WriteBoolean("has_more"u8, page.HasMore);
        json.WriteIfSet("after"u8, page.After);
        json.WriteEndObject();
    }

    public static void Write(FileDeleted deleted, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        json.WriteStartObject();
        json.WriteString("id"u8, deleted.Id);
        json.WriteString("object"u8, "file"u8);
        json.WriteBoolean("deleted"u8, true);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, StoredFile file)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, file.Id);
        json.WriteString("object"u8, "file"u8);
        json.WriteNumber("bytes"u8, file.Bytes);
        json.WriteNumber("created_at"u8, file.CreatedAt.ToUnixTimeSeconds());
        json.WriteIfSet("expires_at"u8, file.ExpiresAt?.ToUnixTimeSeconds());
        json.WriteString("filename"u8, file.Name);
        json.WriteString("purpose"u8, file.Purpose);

        // Files are usable at once everywhere; OpenAI itself calls this member deprecated, its .NET SDK still needs it.
        json.WriteString("status"u8, "processed"u8);
        json.WriteEndObject();
    }
}
