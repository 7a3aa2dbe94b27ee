using System.Globalization;
using System.Text.Json;
using Bifrost.Wire.Canonical.Files;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>A file as Replicate describes it.</summary>
/// <param name="Id">Replicate's id.</param>
/// <param name="Url">Its address in the API, which predictions take as input; shows metadata, not the content.</param>
internal sealed record UpstreamFile(string Id, string? Url)
{
    public string Name { get; init; } = "";

    public string? ContentType { get; init; }

    public long Size { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>From the metadata that we sent along; null for files of other makers.</summary>
    public string? Purpose { get; init; }

    public StoredFile ToStored() =>
        new()
        {
            Id = FileIds.Ours(Id),
            Bytes = Size,
            CreatedAt = CreatedAt,
            ExpiresAt = ExpiresAt,
            Name = Name.Length > 0 ? Name : Id,
            Purpose = Purpose ?? "user_data",
        };

    public static Outcome<UpstreamFile> Read(JsonElement file)
    {
        if (Text(file, "id") is not { Length: > 0 } id)
        {
            return new Fault(FaultKind.UpstreamInvalid, "Replicate answered with something that is not a file.");
        }

        return new UpstreamFile(id, Member(file, "urls") is { } urls ? Text(urls, "get") : null)
        {
            Name = Text(file, "name") ?? "",
            ContentType = Text(file, "content_type"),
            Size = Member(file, "size") is { ValueKind: JsonValueKind.Number } size && size.TryGetInt64(out var bytes) ? bytes : 0,
            CreatedAt = Time(file, "created_at") ?? DateTimeOffset.UnixEpoch,
            ExpiresAt = Time(file, "expires_at"),
            Purpose = Member(file, "metadata") is { } metadata ? Text(metadata, "purpose") : null,
        };
    }

    private static JsonElement? Member(JsonElement from, string name) =>
        from.ValueKind == JsonValueKind.Object && from.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement from, string name) =>
        Member(from, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    private static DateTimeOffset? Time(JsonElement from, string name) =>
        Text(from, name) is { } text
        && DateTimeOffset.TryParse(Shortened(text), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;

    // Replicate writes up to nine fractional digits; .NET reads seven.
    private static string Shortened(string text)
    {
        var dot = text.IndexOf('.', StringComparison.Ordinal);
        var end = dot + 1;
        while (dot >= 0 && end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        return dot < 0 || end - dot <= 8 ? text : $"{text.AsSpan(0, dot + 8)}{text.AsSpan(end)}";
    }
}

/// <param name="Files">Newest first.</param>
/// <param name="Next">Cursor of the page behind this one, or null.</param>
internal sealed record UpstreamFilePage(IReadOnlyList<UpstreamFile> Files, string? Next);
