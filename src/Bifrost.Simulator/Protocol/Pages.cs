using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Replicate's pages: next, previous, results, with an opaque cursor in an absolute link.</summary>
internal static class Pages
{
    public const int Size = 100;

    /// <summary>A page of <paramref name="items"/> (already in order), starting where the cursor says.</summary>
    public static Reply Of<T>(Call call, Uri baseUrl, string path, IReadOnlyList<T> items, Func<T, JsonNode> write)
    {
        var start = 0;
        if (call.Query("cursor") is { } cursor && !TryRead(cursor, out start))
        {
            return Problem.Of(400, null, "Invalid cursor").ToReply();
        }

        var results = new JsonArray();
        foreach (var item in items.Skip(start).Take(Size))
        {
            results.Add(write(item));
        }

        return Reply.Json(
            200,
            new JsonObject
            {
                ["next"] = start + Size < items.Count ? Link(baseUrl, path, start + Size) : null,
                ["previous"] = start > 0 ? Link(baseUrl, path, Math.Max(0, start - Size)) : null,
                ["results"] = results,
            }
        );
    }

    private static string Link(Uri baseUrl, string path, int start) =>
        $"{baseUrl}{path}?cursor={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"o={start}")))}";

    private static bool TryRead(string cursor, out int start)
    {
        start = 0;
        try
        {
            var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
            return text.StartsWith("o=", StringComparison.Ordinal)
                && int.TryParse(text.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out start);
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
