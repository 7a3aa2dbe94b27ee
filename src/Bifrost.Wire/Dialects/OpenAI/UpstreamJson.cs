using System.Text.Json;
using System.Text.Unicode;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAI;

/// <summary>Parses what a provider answered. Models do write half surrogate pairs; they are mended, for a whole answer is worth more.</summary>
internal static class UpstreamJson
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = JsonBody.MaxDepth };

    /// <summary>False unless the bytes begin with a JSON object. The element owns its memory.</summary>
    public static bool TryReadObject(ReadOnlySpan<byte> bytes, out JsonElement json)
    {
        json = default;
        if (!Utf8.IsValid(bytes))
        {
            return false;
        }

        if (LoneSurrogates.Find(bytes) >= 0)
        {
            var mended = bytes.ToArray();
            LoneSurrogates.Mend(mended);
            bytes = mended;
        }

        try
        {
            var reader = new Utf8JsonReader(bytes, Options);
            json = JsonElement.ParseValue(ref reader);
            return json.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
