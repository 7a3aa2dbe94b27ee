using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects.OpenAI;

namespace Bifrost.Wire.Dialects.OpenAIImages;

/// <summary>The <c>usage</c> member of image answers. Models that count no tokens have none; zeros would be an invention.</summary>
internal static class ImageUsage
{
    public static void Write(Utf8JsonWriter json, Usage? usage)
    {
        if (usage is null || usage.TotalTokens == 0)
        {
            return;
        }

        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, usage.InputTokens);
        json.WriteStartObject("input_tokens_details"u8);
        json.WriteNumber("image_tokens"u8, usage.ImageInputTokens);
        json.WriteNumber("text_tokens"u8, Math.Max(0, usage.InputTokens - usage.ImageInputTokens));
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, usage.OutputTokens);
        json.WriteNumber("total_tokens"u8, usage.TotalTokens);
        json.WriteEndObject();
    }

    /// <summary>The tokens and the pictures of a whole answer or a <c>.completed</c> event. Never throws, whatever the bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Usage usage)
    {
        var found = OpenAIUsage.TryRead(payload, out usage);
        var pictures = CountPictures(payload);
        usage = pictures > 0 ? usage with { Images = pictures } : usage;
        return found || pictures > 0;
    }

    private static int CountPictures(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName)
                {
                    continue;
                }

                if (reader.ValueTextEquals("data"u8))
                {
                    return CountObjects(ref reader);
                }

                var isType = reader.ValueTextEquals("type"u8);
                reader.Read();
                if (isType && reader.TokenType == JsonTokenType.String)
                {
                    return reader.ValueTextEquals("image_generation.completed"u8) || reader.ValueTextEquals("image_edit.completed"u8)
                        ? 1
                        : 0;
                }

                reader.Skip();
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape is half a character.
            return 0;
        }

        return 0;
    }

    private static int CountObjects(ref Utf8JsonReader reader)
    {
        var count = 0;
        if (reader.Read() && reader.TokenType == JsonTokenType.StartArray)
        {
            while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                reader.Skip();
                count++;
            }
        }

        return count;
    }
}
