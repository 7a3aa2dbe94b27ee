using System.Text.Json;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>The files in a prediction's output.</summary>
public static class PredictionFiles
{
    private const int MaxDepth = 8;

    /// <summary>Every http(s) and data URL of the output in order, wherever it stands in lists and objects. Upstream-controlled strings.</summary>
    public static IReadOnlyList<string> Of(JsonElement? output)
    {
        var files = new List<string>();
        if (output is { } value)
        {
            Gather(value, files, MaxDepth);
        }

        return files;
    }

    private static void Gather(JsonElement value, List<string> files, int depth)
    {
        if (depth == 0)
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.String when SchemaReader.Words(value) is { } text && IsFile(text):
                files.Add(text);
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    Gather(item, files, depth - 1);
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Gather(member.Value, files, depth - 1);
                }

                break;
        }
    }

    private static bool IsFile(string text) =>
        text.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("http://", StringComparison.OrdinalIgnoreCase)
        || text.StartsWith("data:", StringComparison.OrdinalIgnoreCase);
}
