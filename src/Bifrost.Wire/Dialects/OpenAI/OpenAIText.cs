using System.Buffers;
using System.Text.Json;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAI;

/// <summary>Counts, and copies where wanted, the generated text in a stream event, so that a stream which never tells its usage can still be measured. Runs on every event
/// while limits are kept, so nothing is built on the way.</summary>
internal static class OpenAIText
{
    private const int MaxUnescaped = 1024;
    private const int MaxDepth = 64;

    /// <summary>Bytes of UTF-8, of text, refusals, reasoning and tool arguments. Never throws; what is no event of a known kind has none.</summary>
    public static long CountIn(ReadOnlySpan<byte> payload, ITextSink? text = null)
    {
        if (payload.IsEmpty || payload[0] != (byte)'{')
        {
            return 0;
        }

        var cursor = new JsonCursor(payload, MaxDepth);
        var bytes = Count(ref cursor, text);
        return cursor.IsBroken ? 0 : bytes;
    }

    private static long Count(ref JsonCursor cursor, ITextSink? text)
    {
        var bytes = 0L;
        cursor.Read();
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            // Responses and transcripts: {"type":"….delta","delta":"text"}. Their closing events repeat the whole text under other names.
            var isDelta = cursor.Value.SequenceEqual("delta"u8);
            var isChoices = cursor.Value.SequenceEqual("choices"u8);
            cursor.Read();
            if (isDelta && cursor.TokenType == JsonTokenType.String)
            {
                return LengthOf(ref cursor, text);
            }

            if (isChoices)
            {
                bytes += InChoices(ref cursor, text);
            }
            else
            {
                cursor.Skip();
            }
        }

        return bytes;
    }

    // Chat: choices[].delta.{content, reasoning_content, refusal, tool_calls[].function.arguments, …}. Completions: choices[].text.
    private static long InChoices(ref JsonCursor cursor, ITextSink? text)
    {
        if (cursor.TokenType != JsonTokenType.StartArray)
        {
            cursor.Skip();
            return 0;
        }

        var bytes = 0L;
        var end = cursor.Depth;
        while (cursor.Read() && cursor.Depth > end)
        {
            if (cursor.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isDelta = cursor.Value.SequenceEqual("delta"u8);
            var isText = cursor.Value.SequenceEqual("text"u8);
            cursor.Read();
            if (isDelta && cursor.TokenType == JsonTokenType.StartObject)
            {
                bytes += InDelta(ref cursor, text);
            }
            else if (isText && cursor.TokenType == JsonTokenType.String)
            {
                bytes += LengthOf(ref cursor, text);
            }
            else
            {
                // Log probabilities and their kind repeat the text.
                cursor.Skip();
            }
        }

        return bytes;
    }

    // Whatever servers call their kinds of text, it is a string here; only these are none.
    private static long InDelta(ref JsonCursor cursor, ITextSink? text)
    {
        var bytes = 0L;
        var end = cursor.Depth;
        while (cursor.Read() && cursor.Depth > end)
        {
            if (cursor.TokenType != JsonTokenType.PropertyName)
            {
                continue;
            }

            var isLabel = cursor.Value is [.., (byte)'i', (byte)'d'] || IsLabel(cursor.Value);
            cursor.Read();
            if (cursor.TokenType == JsonTokenType.String && !isLabel)
            {
                bytes += LengthOf(ref cursor, text);
            }
        }

        return bytes;
    }

    private static bool IsLabel(ReadOnlySpan<byte> name) => name.SequenceEqual("role"u8) || name.SequenceEqual("type"u8);

    private static long LengthOf(ref JsonCursor cursor, ITextSink? text)
    {
        if (!cursor.IsEscaped)
        {
            text?.Write(cursor.Value);
            return cursor.Value.Length;
        }

        // An escape is up to twice as long as what it stands for; a long text that only counts is taken for longer than it is rather than copied.
        var length = cursor.Value.Length;
        if (length > MaxUnescaped && text is null)
        {
            return length;
        }

        var rented = length > MaxUnescaped ? ArrayPool<byte>.Shared.Rent(length) : null;
        Span<byte> plain = rented ?? stackalloc byte[MaxUnescaped];
        try
        {
            var copied = cursor.CopyString(plain);
            text?.Write(plain[..copied]);
            return rented is null ? copied : length;
        }
        catch (InvalidOperationException)
        {
            // Half a character.
            text?.Write(cursor.Value);
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
