using System.Collections.Immutable;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Simulator;

/// <summary>An answer about to be sent: scripts may replace or rewrite it.</summary>
public sealed record Reply
{
    /// <summary>HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>Value of <c>Content-Type</c>; null sends none.</summary>
    public string? ContentType { get; init; } = "application/json; charset=UTF-8";

    /// <summary>The whole body.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Further headers.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Writes the answer itself, for streams; then <see cref="Body"/> is not used.</summary>
    internal Func<HttpContext, Task>? Writes { get; init; }

    /// <summary>An answer without a body.</summary>
    public static Reply Empty(int status) => new() { Status = status, ContentType = null };

    /// <summary>A JSON answer.</summary>
    public static Reply Json(int status, JsonNode? node) =>
        new() { Status = status, Body = Encoding.UTF8.GetBytes(node is null ? "null" : node.ToJsonString(Protocol.Json)) };

    /// <summary>Any text with its content type.</summary>
    public static Reply Text(int status, string body, string contentType) =>
        new()
        {
            Status = status,
            Body = Encoding.UTF8.GetBytes(body),
            ContentType = contentType,
        };

    /// <summary>The same answer with one header set.</summary>
    public Reply With(string header, string value) => this with { Headers = Headers.SetItem(header, value) };
}
