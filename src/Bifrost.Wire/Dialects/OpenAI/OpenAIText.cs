using System.Text.Json;

namespace Bifrost.Wire.Dialects.OpenAI;

/// <summary>Counts the generated text in a stream event, so that a stream which never tells its usage can still be measured. Runs on every event
/// while limits are kept, so nothing is built on the way.</summary>
internal static class OpenAIText
{
    private const int MaxUnescaped = 1024;

    /// <summary>Bytes of UTF-8, of text, refusals, reasoning and tool arguments. Never throws; what is no event of a known kind has none.</summary>
    public static long CountIn(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty || payload[0] != (byte)'{')
        {
            return 0;
        }

        try
        {
            return Count(new Utf8JsonReader(payload));
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private static long Count(Utf8JsonReader reader)
    {
        var bytes = 0L;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            // Responses and transcripts: {"type":"….delta","delta":"text"}. Their closing events repeat the whole text under other names.
            var isDelta = reader.ValueSpan.SequenceEqual("delta"u8);
            var isChoices = reader.ValueSpan.SequenceEqual("choices"u8);
            reader.Read();
            if (isDelta && reader.TokenType == JsonTokenType.String)
            {
                return LengthOf(ref reader);
            }

            if (isChoices)
            {
                bytes += InChoices(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return bytes;
    }

    // Chat: choices[].delta.{content, reasoning_content, refusal, tool_calls[].function.arguments, …}. Completions: choices[].text.
    private static long InChoices(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return 0;
        }

        var bytes = 0L;
        var end = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > end)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isDelta = reader.ValueSpan.SequenceEqual("delta"u8);
            var isText = reader.ValueSpan.SequenceEqual("text"u8);
            reader.Read();
            if (isDelta && reader.TokenType == JsonTokenType.StartObject)
            {
                bytes += InDelta(ref reader);
            }
            else if (isText && reader.TokenType == JsonTokenType.String)
            {
                bytes += LengthOf(ref reader);
            }
            else
            {
                // Log probabilities and their kind repeat the text.
                reader.Skip();
            }
        }

        return bytes;
    }

    // Whatever servers call their kinds of text, it is a string here; only these are none.
    private static long InDelta(ref Utf8JsonReader reader)
    {
        var bytes = 0L;
        var end = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > end)
        {
            if (reader.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isLabel = reader.ValueSpan is [.., (byte)'i', (byte)'d'] || IsLabel(reader.ValueSpan);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && !isLabel)
            {
                bytes += LengthOf(ref reader);
            }
        }

        return bytes;
    }

    private static bool IsLabel(ReadOnlySpan<byte> name) => name.SequenceEqual("role"u8) || name.SequenceEqual("type"u8);

    private static long LengthOf(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return reader.ValueSpan.Length;
        }

        // An escape is up to twice as long as what it stands for; a long text is taken for longer than it is rather than copied.
        if (reader.ValueSpan.Length > MaxUnescaped)
        {
            return reader.ValueSpan.Length;
        }

        Span<byte> plain = stackalloc byte[MaxUnescaped];
        try
        {
            return reader.CopyString(plain);
        }
        catch (InvalidOperationException)
        {
            // Half a character.
            return reader.ValueSpan.Length;
        }
    }
}
