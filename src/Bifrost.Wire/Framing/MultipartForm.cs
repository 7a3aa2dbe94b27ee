using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Framing;

/// <summary>A whole multipart/form-data body (RFC 7578), taken apart into ranges; nothing of the content is copied.</summary>
public sealed class MultipartForm
{
    /// <summary>More parts than this are refused.</summary>
    public const int MaxParts = 1000;

    private readonly List<MultipartPart> _parts;

    internal MultipartForm(ReadOnlyMemory<byte> body, List<MultipartPart> parts)
    {
        Body = body;
        _parts = parts;
    }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>In order of arrival.</summary>
    public IReadOnlyList<MultipartPart> Parts => _parts;

    public static bool IsMultipart(string? contentType) =>
        contentType is not null && contentType.AsSpan().TrimStart().StartsWith("multipart/form-data", StringComparison.OrdinalIgnoreCase);

    /// <summary>Never throws, whatever the bytes. Text before the first boundary and after the last is skipped.</summary>
    public static Outcome<MultipartForm> Parse(ReadOnlyMemory<byte> body, string? contentType)
    {
        if (contentType is null || !IsMultipart(contentType))
        {
            var sent = string.IsNullOrWhiteSpace(contentType) ? "without a Content-Type" : $"sent as {Clip(contentType)}";
            return Broken($"The request must be multipart/form-data; it was {sent}.");
        }

        var boundary = MultipartParameters.Find(contentType, "boundary");
        if (boundary is null || boundary.Length is 0 or > 200 || !Ascii.IsValid(boundary))
        {
            return Broken("The Content-Type of the form names no usable boundary. Let your HTTP client set this header.");
        }

        return new MultipartWalk(body, Encoding.ASCII.GetBytes("--" + boundary)).Run();
    }

    /// <summary>The content, as a slice of the body.</summary>
    public ReadOnlyMemory<byte> Content(MultipartPart part) => Body.Slice(part.Start, part.Length);

    /// <summary>The first part with this name.</summary>
    public bool TryFind(string name, out MultipartPart part)
    {
        foreach (var candidate in _parts)
        {
            if (candidate.Name == name)
            {
                part = candidate;
                return true;
            }
        }

        part = default;
        return false;
    }

    /// <summary>The content as text; false when it is not UTF-8.</summary>
    public bool TryText(MultipartPart part, [NotNullWhen(true)] out string? text)
    {
        var bytes = Content(part).Span;
        text = Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : null;
        return text is not null;
    }

    internal static Fault Broken(string message) => Fault.Invalid(message, code: "invalid_multipart");

    internal static string Clip(string text) => text.Length <= 60 ? text : $"{text.AsSpan(0, 60)}…";
}
