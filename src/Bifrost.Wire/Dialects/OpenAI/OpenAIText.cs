using System.Buffers;
using System.Text.Json;

namespace Bifrost.Wire.Dialects.OpenAI;

/// <summary>Counts, and copies where wanted, the generated text in a stream event, so that a stream which never tells its usage can still be measured. Runs on every event
/// while limits are kept, so nothing is built on the way.</summary>
internal static class OpenAIText
{
    private const int MaxUnescaped = 1024;

    /// <summary>Bytes of UTF-8, of text, refusals, reasoning and tool arguments. Never throws; what is no event of a known kind has none.</summary>
    public static long CountIn(ReadOnlySpan<byte> payload, ITextSink? text = null)
    {
        if (payload.IsEmpty || payload[0] != (byte)'{')
        {
            return 0;
        }

        try
        {
            return Count(new Utf8JsonReader(payload), text);
        }
        catch (JsonException)
        {
            return 0;
        }
    }

    private static long Count(Utf8JsonReader reader, ITextSink? text)
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
                return LengthOf(ref reader, text);
            }

            if (isChoices)
            {
                bytes += InChoices(ref reader, text);
            }
            else
            {
                reader.Skip();
            }
        }

        return bytes;
    }

    // Chat: choices[].delta.{content, reasoning_content, refusal, tool_calls[].function.arguments, …}. Completions: choices[].text.
    private static long InChoices(ref Utf8JsonReader reader, ITextSink? text)
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
                bytes += InDelta(ref reader, text);
            }
            else if (isText && reader.TokenType == JsonTokenType.String)
            {
                bytes += LengthOf(ref reader, text);
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
    private static long InDelta(ref Utf8JsonReader reader, ITextSink? text)
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
                bytes += LengthOf(ref reader, text);
            }
        }

        return bytes;
    }

    private static bool IsLabel(ReadOnlySpan<byte> name) => name.SequenceEqual("role"u8) || name.SequenceEqual("type"u8);

    private static long LengthOf(ref Utf8JsonReader reader, ITextSink? text)
    {
        if (!reader.ValueIsEscaped)
        {
            text?.Write(reader.ValueSpan);
            return reader.ValueSpan.Length;
        }

        // An escape is up to twice as long as what it stands for; a long text that only counts is taken for longer than it is rather than copied.
        var length = reader.ValueSpan.Length;
        if (length > MaxUnescaped && text is null)
        {
            return length;
        }

        var rented = length > MaxUnescaped ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> plain = rented ?? stackalloc byte[MaxUnescaped];
        try
        {
            var copied = reader.CopyString(plain);
            text?.Write(plain[..copied]);
            return rented is null ? copied : length;
        }
        catch (InvalidOperationException)
        {
            // Half a character.
            text?.Write(reader.ValueSpan);
            return length;
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }
}
