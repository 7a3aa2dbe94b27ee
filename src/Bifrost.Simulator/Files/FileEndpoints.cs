using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Bifrost.Simulator;

/// <summary>The Files API: upload, list, get, delete, signed download.</summary>
internal sealed class FileEndpoints(Pace pace, SimulatorOptions options, Func<Uri> baseUrl)
{
    private static readonly TimeSpan Life = TimeSpan.FromHours(24);
    private readonly Lock gate = new();
    private readonly Dictionary<string, StoredFile> files = new(StringComparer.Ordinal);
    private long sequence;

    public async Task<Reply> UploadAsync(Call call)
    {
        if (
            !MediaTypeHeaderValue.TryParse(call.Request.Header("Content-Type"), out var type)
            || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
        )
        {
            return Problem.Of(400, null, "Expected multipart/form-data").ToReply();
        }

        var parts = await ReadPartsAsync(call, HeaderUtilities.RemoveQuotes(type.Boundary).ToString());
        if (parts is not { Content: { } content })
        {
            return Problem.Of(400, null, "Missing content").ToReply();
        }

        if (content.Length > options.MaxFileBytes)
        {
            return Problem.FileTooLarge().ToReply();
        }

        var now = pace.Now;
        var file = new StoredFile(
            Convert.ToBase64String(Encoding.ASCII.GetBytes(Guid.NewGuid().ToString())),
            call.Account,
            parts.FileName ?? parts.PartFileName ?? "file",
            parts.Type ?? parts.PartType ?? "application/octet-stream",
            content,
            parts.Metadata ?? "{}",
            now,
            Interlocked.Increment(ref sequence)
        );
        lock (gate)
        {
            foreach (var old in files.Values.Where(Expired).ToList())
            {
                _ = files.Remove(old.Id);
            }

            files[file.Id] = file;
        }

        return Reply.Json(201, ToJson(file));
    }

    public Reply List(Call call)
    {
        List<StoredFile> mine;
        lock (gate)
        {
            mine = [.. files.Values.Where(file => file.Account == call.Account && !Expired(file)).OrderByDescending(file => file.Sequence)];
        }

        return Pages.Of(call, baseUrl(), "/files", mine, ToJson);
    }

    public Reply Get(Call call, string id) =>
        Find(id) is { } file && file.Account == call.Account ? Reply.Json(200, ToJson(file)) : Problem.NotFound().ToReply();

    public Reply Delete(Call call, string id)
    {
        lock (gate)
        {
            var known = files.TryGetValue(id, out var file) && file.Account == call.Account && files.Remove(id);
            return known ? Reply.Empty(204) : Problem.NotFound().ToReply();
        }
    }

    public Reply Download(Call call, string id)
    {
        var owner = call.Query("owner") ?? "";
        var expiry = call.Query("expiry") ?? "";
        var expected = Convert.ToBase64String(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.FilesSigningSecret), Encoding.UTF8.GetBytes($"{owner} {id} {expiry}"))
        );
        var signed = CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(expected),
            Encoding.UTF8.GetBytes(call.Query("signature") ?? "")
        );
        var alive =
            long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var until) && pace.Now.ToUnixTimeSeconds() <= until;
        return signed && alive && Find(id) is { } file && file.Account == owner
            ? new Reply
            {
                Status = 200,
                ContentType = file.ContentType,
                Body = file.Content,
            }
            : Problem.NotFound().ToReply();
    }

    public void Clear()
    {
        lock (gate)
        {
            files.Clear();
        }
    }

    private static async Task<Parts?> ReadPartsAsync(Call call, string boundary)
    {
        var parts = new Parts();
        try
        {
            using var body = new MemoryStream(call.Request.Body.ToArray(), writable: false);
            var reader = new MultipartReader(boundary, body);
            while (await reader.ReadNextSectionAsync(call.Gone) is { } section)
            {
                using var bytes = new MemoryStream();
                await section.Body.CopyToAsync(bytes, call.Gone);
                Assign(parts, section, bytes.ToArray());
            }
        }
        catch (IOException)
        {
            return null;
        }

        return parts;
    }

    private static void Assign(Parts parts, MultipartSection section, byte[] bytes)
    {
        if (section.GetContentDispositionHeader() is not { } disposition)
        {
            return;
        }

        switch (HeaderUtilities.RemoveQuotes(disposition.Name).ToString())
        {
            case "content":
                parts.Content = bytes;
                parts.PartFileName = FileNameOf(disposition);
                parts.PartType = section.ContentType;
                break;
            case "filename":
                parts.FileName = Encoding.UTF8.GetString(bytes);
                break;
            case "type":
                parts.Type = Encoding.UTF8.GetString(bytes);
                break;
            case "metadata":
                parts.Metadata = Encoding.UTF8.GetString(bytes);
                break;
        }
    }

    private static string? FileNameOf(ContentDispositionHeaderValue disposition)
    {
        var name = StringSegment.IsNullOrEmpty(disposition.FileNameStar) ? disposition.FileName : disposition.FileNameStar;
        return StringSegment.IsNullOrEmpty(name) ? null : HeaderUtilities.RemoveQuotes(name).ToString();
    }

    private StoredFile? Find(string id)
    {
        lock (gate)
        {
            return files.TryGetValue(id, out var file) && !Expired(file) ? file : null;
        }
    }

    private bool Expired(StoredFile file) => file.CreatedAt + Life < pace.Now;

    private JsonObject ToJson(StoredFile file)
    {
        var md5 = Convert.ToHexStringLower(MD5OfContent(file));
        return new JsonObject
        {
            ["id"] = file.Id,
            ["name"] = file.Name,
            ["content_type"] = file.ContentType,
            ["size"] = file.Content.Length,
            ["etag"] = md5,
            ["checksums"] = new JsonObject { ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(file.Content)), ["md5"] = md5 },
            ["metadata"] = Metadata(file.Metadata),
            ["created_at"] = Protocol.Timestamp(file.CreatedAt),
            ["expires_at"] = Protocol.Timestamp(file.CreatedAt + Life),
            ["urls"] = new JsonObject { ["get"] = $"{baseUrl()}/files/{file.Id}" },
        };
    }

#pragma warning disable CA5351 // The API's etag is an MD5 checksum, not a signature.
    private static byte[] MD5OfContent(StoredFile file) => MD5.HashData(file.Content);
#pragma warning restore CA5351

    private static JsonNode Metadata(string text)
    {
        try
        {
            return JsonNode.Parse(text) ?? new JsonObject();
        }
        catch (JsonException)
        {
            return new JsonObject();
        }
    }

    private sealed class Parts
    {
        public byte[]? Content { get; set; }

        public string? PartFileName { get; set; }

        public string? PartType { get; set; }

        public string? FileName { get; set; }

        public string? Type { get; set; }

        public string? Metadata { get; set; }
    }

    private sealed record StoredFile(
        string Id,
        string Account,
        string Name,
        string ContentType,
        byte[] Content,
        string Metadata,
        DateTimeOffset CreatedAt,
        long Sequence
    );
}
