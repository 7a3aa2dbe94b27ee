using Bifrost.Web.Parts;

namespace Bifrost.Web.Logs;

/// <summary>A request of the log as a command.</summary>
public static class LogCurl
{
    private const int Longest = 100_000;

    private static readonly Dictionary<string, string> Paths = new()
    {
        ["chat_completion"] = "chat/completions",
        ["text_completion"] = "completions",
        ["responses"] = "responses",
        ["embedding"] = "embeddings",
        ["image_generation"] = "images/generations",
        ["video_generation"] = "videos",
    };

    /// <summary>Null where the log does not keep what it takes: forms, and bodies that were cut.</summary>
    public static string? Of(LogItem row, string address) =>
        row.Payload is { Truncated: false, Request: { Length: > 0 and < Longest } body }
        && body[0] == '{'
        && Paths.TryGetValue(row.Object, out var path)
            ? Curl.Json($"{address}/v1/{path}", "YOUR-KEY", body)
            : null;
}
