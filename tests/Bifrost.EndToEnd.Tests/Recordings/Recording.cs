using System.Text.Json;
using Bifrost.Testing;

namespace Bifrost.EndToEnd.Tests.Recordings;

/// <summary>What was once said to Replicate and what it answered, from <c>tests/Fixtures/replicate/recordings</c>.</summary>
/// <param name="Name">File name without ending.</param>
/// <param name="Recorded">In order; cut down to what matters, otherwise as it was.</param>
/// <param name="Supposed">What Replicate would answer next, where a recording ends before the story does. Ours, not Replicate's.</param>
internal sealed record Recording(string Name, IReadOnlyList<RecordedExchange> Recorded, IReadOnlyList<RecordedExchange> Supposed)
{
    private static readonly string Folder = Sources.PathOf("tests/Fixtures/replicate/recordings");

    public static IEnumerable<string> Names => Directory.EnumerateFiles(Folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order()!;

    public static Recording Read(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        return new Recording(name, Exchanges(file.RootElement, "recorded"), Exchanges(file.RootElement, "supposed"));
    }

    private static RecordedExchange[] Exchanges(JsonElement file, string member) =>
        file.TryGetProperty(member, out var list) ? [.. list.EnumerateArray().Select(RecordedExchange.Read)] : [];
}

/// <param name="Method">HTTP method.</param>
/// <param name="Path">With <c>/v1</c>.</param>
/// <param name="Asked">The JSON that was sent, or null.</param>
/// <param name="Status">HTTP status of the answer.</param>
/// <param name="Headers">Those of the answer that say something.</param>
/// <param name="Answer">The body; <c>{upstream}</c> stands for Replicate's own address.</param>
internal sealed record RecordedExchange(
    string Method,
    string Path,
    JsonElement? Asked,
    int Status,
    IReadOnlyDictionary<string, string> Headers,
    string Answer
)
{
    /// <summary>The answer as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Answer);

    public static RecordedExchange Read(JsonElement exchange)
    {
        var (request, response) = (exchange.GetProperty("request"), exchange.GetProperty("response"));
        return new RecordedExchange(
            request.GetProperty("method").GetString()!,
            request.GetProperty("path").GetString()!,
            request.TryGetProperty("body", out var asked) ? asked.Clone() : null,
            response.GetProperty("status").GetInt32(),
            response.GetProperty("headers").EnumerateObject().ToDictionary(h => h.Name, h => h.Value.GetString()!),
            response.TryGetProperty("text", out var text) ? text.GetString()!
                : response.TryGetProperty("body", out var body) ? body.GetRawText()
                : ""
        );
    }
}
