using System.Text.Json.Nodes;
using Bifrost.Core.World;

namespace Bifrost.Admin.Http;

/// <summary>What a route answers, as a value.</summary>
internal sealed record Reply(int Status, JsonNode? Body)
{
    /// <summary>The version of what is shown, for <c>If-Match</c>.</summary>
    public string? Version { get; init; }

    /// <summary>Seconds after which to try again.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>Bytes to send instead of <see cref="Body"/>.</summary>
    public ReadOnlyMemory<byte>? Raw { get; init; }

    /// <summary>Writes the answer instead of <see cref="Body"/>, as long as it takes; cut off when it throws.</summary>
    public Func<HttpContext, CancellationToken, Task>? Stream { get; init; }

    /// <summary>What a browser should call the answer when it saves it.</summary>
    public string? FileName { get; init; }

    public string ContentType { get; init; } = "application/json";

    /// <summary>How <see cref="Raw"/> is packed.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>What a page may load, where it is a page.</summary>
    public string? Policy { get; init; }

    public static Reply Ok(JsonNode body, string? version = null) => new(StatusCodes.Status200OK, body) { Version = version };

    public static Reply Created(JsonNode body, string? version = null) => new(StatusCodes.Status201Created, body) { Version = version };

    public static Reply Refused(int status, string message) => new(status, Error(status, message, []));

    public static Reply NotFound(string what, string id) =>
        Refused(StatusCodes.Status404NotFound, $"There is no {what} {Shown.Quoted(id)}.");

    public static Reply Conflict(IReadOnlyList<Mistake> mistakes) => Wrong(StatusCodes.Status409Conflict, mistakes);

    public static Reply Bad(IReadOnlyList<Mistake> mistakes) => Wrong(StatusCodes.Status400BadRequest, mistakes);

    public static Reply Bad(string path, string message) => Bad([new Mistake(path, message)]);

    private static Reply Wrong(int status, IReadOnlyList<Mistake> mistakes)
    {
        var message =
            mistakes.Count == 1
                ? mistakes[0].ToString()
                : $"{mistakes.Count} mistakes, nothing was changed. {string.Join(" ", mistakes.Take(3).Select(m => m.ToString()))}";
        return new Reply(status, Error(status, message, mistakes));
    }

    private static JsonObject Error(int status, string message, IReadOnlyList<Mistake> mistakes)
    {
        var error = new JsonObject { ["message"] = message };
        if (mistakes.Count > 0)
        {
            error["mistakes"] = new JsonArray([.. mistakes.Select(m => new JsonObject { ["path"] = m.Path, ["message"] = m.Message })]);
        }

        return new JsonObject
        {
            ["is_bifrost_error"] = false,
            ["status_code"] = status,
            ["error"] = error,
        };
    }
}
