using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bifrost.Core.World;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>The files of one account.</summary>
internal sealed class FileStorage(PredictionClient client)
{
    /// <summary>Replicate's published limit for one file, 100 MB, read generously; its own 413 has the last word.</summary>
    public const int MaxBytes = 100 << 20;

    private static readonly TimeSpan SignatureLife = TimeSpan.FromMinutes(10);

    /// <param name="name">1 to 255 bytes.</param>
    /// <param name="contentType">Media type.</param>
    /// <param name="bytes">The content.</param>
    /// <param name="purpose">Kept in the metadata, since Replicate has no such thing.</param>
    /// <param name="cancel">When the caller leaves.</param>
    public async Task<Outcome<UpstreamFile>> UploadAsync(
        string name,
        string contentType,
        ReadOnlyMemory<byte> bytes,
        string purpose,
        CancellationToken cancel
    )
    {
        if (bytes.Length > MaxBytes)
        {
            return new Fault(
                FaultKind.BodyTooLarge,
                $"The file \"{name}\" has {bytes.Length / 1e6:0.#} MB; Replicate takes files of up to 100 MB."
            )
            {
                Code = "file_too_large",
            };
        }

        // Half a minute to answer, and a second more for each megabyte to travel.
        var patience = TimeSpan.FromSeconds(30 + (bytes.Length >> 20));
        using var form = new FileForm(name, contentType, bytes, Metadata(purpose));
        var outcome = await client.SendAsync(HttpMethod.Post, "files", form, ReplicateCall.Upload, cancel, patience);
        return Read(outcome);
    }

    public async Task<Outcome<UpstreamFile>> GetAsync(string id, CancellationToken cancel) =>
        Read(await client.SendAsync(HttpMethod.Get, $"files/{Uri.EscapeDataString(id)}", null, ReplicateCall.Get, cancel));

    /// <summary>Null when the file is gone.</summary>
    public async Task<Fault?> DeleteAsync(string id, CancellationToken cancel) =>
        (await client.SendAsync(HttpMethod.Delete, $"files/{Uri.EscapeDataString(id)}", null, ReplicateCall.Get, cancel)).Fault;

    /// <param name="cursor">From the page before, or null for the newest files.</param>
    /// <param name="cancel">When the caller leaves.</param>
    public async Task<Outcome<UpstreamFilePage>> ListAsync(string? cursor, CancellationToken cancel)
    {
        var path = cursor is null ? "files" : $"files?cursor={Uri.EscapeDataString(cursor)}";
        var outcome = await client.SendAsync(HttpMethod.Get, path, null, ReplicateCall.Get, cancel);
        if (outcome.Failed(out var fault, out var answer) || answer.Json().Failed(out fault, out var page))
        {
            return fault;
        }

        if (
            page.ValueKind != JsonValueKind.Object
            || !page.TryGetProperty("results", out var results)
            || results.ValueKind != JsonValueKind.Array
        )
        {
            return new Fault(FaultKind.UpstreamInvalid, "Replicate answered with something that is not a list of files.");
        }

        var files = new List<UpstreamFile>(results.GetArrayLength());
        foreach (var result in results.EnumerateArray())
        {
            if (UpstreamFile.Read(result).Failed(out var broken, out var file))
            {
                return broken;
            }

            files.Add(file);
        }

        return new UpstreamFilePage(files, CursorOf(page));
    }

    /// <summary>Where the content can be fetched without a token for the next ten minutes.</summary>
    public Uri SignedDownload(string id, string account, Secret signingSecret)
    {
        var expiry = client.Runtime.Clock.GetUtcNow().Add(SignatureLife).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signature = Convert.ToBase64String(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(signingSecret.Reveal()), Encoding.UTF8.GetBytes($"{account} {id} {expiry}"))
        );
        var query = $"owner={Uri.EscapeDataString(account)}&expiry={expiry}&signature={Uri.EscapeDataString(signature)}";
        return new Uri($"{client.Provider.Base.AbsoluteUri}files/{Uri.EscapeDataString(id)}/download?{query}");
    }

    // The address of the next page is the provider's word; only its cursor is taken, and asked for at our own base.
    private static string? CursorOf(JsonElement page)
    {
        if (
            !page.TryGetProperty("next", out var next)
            || next.ValueKind != JsonValueKind.String
            || !Uri.TryCreate(next.GetString(), UriKind.Absolute, out var address)
        )
        {
            return null;
        }

        foreach (var pair in address.Query.TrimStart('?').Split('&'))
        {
            if (pair.StartsWith("cursor=", StringComparison.Ordinal) && pair.Length > 7)
            {
                return Uri.UnescapeDataString(pair[7..]);
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> Metadata(string purpose)
    {
        var bytes = new ArrayBufferWriter<byte>(64);
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("purpose"u8, purpose);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan;
    }

    private static Outcome<UpstreamFile> Read(Outcome<ReplicateAnswer> outcome) =>
        outcome.Failed(out var fault, out var answer) || answer.Json().Failed(out fault, out var file) ? fault : UpstreamFile.Read(file);
}
