using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAI;

/// <summary>Finds and writes token usage. Looking for it runs on every stream event of every lane, so nothing is built on the way.</summary>
public static class OpenAIUsage
{
    private const int MaxDepth = 64;

    private enum Count
    {
        Input,
        Output,
        CachedRead,
        CachedWrite,
        Reasoning,
        AudioInput,
        ImageInput,
        AudioOutput,
    }

    /// <summary>Finds a top-level <c>usage</c>, or one within a top-level <c>response</c> (Responses stream events).
    /// Never throws, whatever the bytes. False when it is missing, null, or has neither input nor output tokens.</summary>
    public static bool TryRead(ReadOnlySpan<byte> payload, out Usage usage)
    {
        usage = Empty;
        if (payload.IndexOf("\"usage\""u8) < 0)
        {
            return false;
        }

        Span<long> counts = stackalloc long[(int)Count.AudioOutput + 1];
        counts.Fill(-1);
        var cursor = new JsonCursor(payload, MaxDepth);
        if (
            !cursor.Read()
            || cursor.TokenType != JsonTokenType.StartObject
            || !FindUsage(ref cursor, counts, mayDescend: true)
            || cursor.IsBroken
        )
        {
            return false;
        }

        if (counts[(int)Count.Input] < 0 && counts[(int)Count.Output] < 0)
        {
            return false;
        }

        usage = ToUsage(counts);
        return true;
    }

    /// <summary>Writes the value of <c>usage</c> with the names of chat and completions.</summary>
    public static void WriteChat(Usage usage, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("prompt_tokens"u8, usage.InputTokens);
        json.WriteNumber("completion_tokens"u8, usage.OutputTokens);
        json.WriteNumber("total_tokens"u8, usage.TotalTokens);
        json.WriteStartObject("prompt_tokens_details"u8);
        WriteInputDetails(usage, json);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details"u8);
        WriteOutputDetails(usage, json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>Writes the value of <c>usage</c> with the names of Responses.</summary>
    public static void WriteResponses(Usage usage, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("input_tokens"u8, usage.InputTokens);
        json.WriteStartObject("input_tokens_details"u8);
        WriteInputDetails(usage, json);
        json.WriteEndObject();
        json.WriteNumber("output_tokens"u8, usage.OutputTokens);
        json.WriteStartObject("output_tokens_details"u8);
        WriteOutputDetails(usage, json);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, usage.TotalTokens);
        json.WriteEndObject();
    }

    private static readonly Usage Empty = new();

    private static void WriteInputDetails(Usage usage, Utf8JsonWriter json)
    {
        json.WriteNumber("cached_tokens"u8, usage.CachedReadTokens);
        json.WriteNumber("audio_tokens"u8, usage.AudioInputTokens);
        WriteUnlessZero("cache_write_tokens"u8, usage.CachedWriteTokens, json);
        WriteUnlessZero("image_tokens"u8, usage.ImageInputTokens, json);
    }

    private static void WriteOutputDetails(Usage usage, Utf8JsonWriter json)
    {
        json.WriteNumber("reasoning_tokens"u8, usage.ReasoningTokens);
        json.WriteNumber("audio_tokens"u8, usage.AudioOutputTokens);
    }

    // OpenAI has no such members; OpenRouter and others do.
    private static void WriteUnlessZero(ReadOnlySpan<byte> name, long count, Utf8JsonWriter json)
    {
        if (count != 0)
        {
            json.WriteNumber(name, count);
        }
    }

    private static bool FindUsage(ref JsonCursor cursor, scoped Span<long> counts, bool mayDescend)
    {
        var found = false;
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = cursor.Value.SequenceEqual("usage"u8);
            var isResponse = mayDescend && cursor.Value.SequenceEqual("response"u8);
            cursor.Read();
            if (cursor.TokenType == JsonTokenType.StartObject && isUsage)
            {
                ReadCounts(ref cursor, counts, default);
                return true;
            }

            if (cursor.TokenType == JsonTokenType.StartObject && isResponse)
            {
                found = FindUsage(ref cursor, counts, mayDescend: false);
                if (found)
                {
                    return true;
                }
            }
            else
            {
                cursor.Skip();
            }
        }

        return found;
    }

    private static void ReadCounts(ref JsonCursor cursor, scoped Span<long> counts, scoped ReadOnlySpan<byte> group)
    {
        while (cursor.Read() && cursor.TokenType == JsonTokenType.PropertyName)
        {
            var name = cursor.Value;
            cursor.Read();
            if (cursor.TokenType == JsonTokenType.StartObject && group.IsEmpty && IsGroup(name))
            {
                ReadCounts(ref cursor, counts, name);
            }
            else if (cursor.TokenType == JsonTokenType.Number && Find(group, name) is { } count && TryWhole(ref cursor, out var number))
            {
                counts[(int)count] = number;
            }
            else
            {
                cursor.Skip();
            }
        }
    }

    private static bool IsGroup(ReadOnlySpan<byte> name) => IsInput(name) || IsOutput(name);

    // The audio operations write "token" where all others write "tokens".
    private static bool IsInput(ReadOnlySpan<byte> group) =>
        group.SequenceEqual("prompt_tokens_details"u8)
        || group.SequenceEqual("input_tokens_details"u8)
        || group.SequenceEqual("input_token_details"u8);

    private static bool IsOutput(ReadOnlySpan<byte> group) =>
        group.SequenceEqual("completion_tokens_details"u8)
        || group.SequenceEqual("output_tokens_details"u8)
        || group.SequenceEqual("output_token_details"u8);

    // The one table of names: OpenAI's chat and Responses names, and what compatible servers call the same thing.
    private static Count? Find(ReadOnlySpan<byte> group, ReadOnlySpan<byte> name) =>
        group.IsEmpty
            ? name switch
            {
                _ when name.SequenceEqual("prompt_tokens"u8) => Count.Input,
                _ when name.SequenceEqual("input_tokens"u8) => Count.Input,
                _ when name.SequenceEqual("completion_tokens"u8) => Count.Output,
                _ when name.SequenceEqual("output_tokens"u8) => Count.Output,
                _ when name.SequenceEqual("prompt_cache_hit_tokens"u8) => Count.CachedRead,
                _ => null,
            }
        : IsInput(group)
            ? name switch
            {
                _ when name.SequenceEqual("cached_tokens"u8) => Count.CachedRead,
                _ when name.SequenceEqual("cached_read_tokens"u8) => Count.CachedRead,
                _ when name.SequenceEqual("cache_write_tokens"u8) => Count.CachedWrite,
                _ when name.SequenceEqual("cached_write_tokens"u8) => Count.CachedWrite,
                _ when name.SequenceEqual("audio_tokens"u8) => Count.AudioInput,
                _ when name.SequenceEqual("image_tokens"u8) => Count.ImageInput,
                _ => null,
            }
        : name switch
        {
            _ when name.SequenceEqual("reasoning_tokens"u8) => Count.Reasoning,
            _ when name.SequenceEqual("audio_tokens"u8) => Count.AudioOutput,
            _ => null,
        };

    private static bool TryWhole(ref JsonCursor cursor, out long number)
    {
        if (cursor.TryGetWhole(out number))
        {
            return number >= 0;
        }

        var isWhole = cursor.TryGetReal(out var real) && real is >= 0 and < 9e15;
        number = isWhole ? (long)real : 0;
        return isWhole;
    }

    private static Usage ToUsage(ReadOnlySpan<long> counts)
    {
        return new Usage
        {
            InputTokens = Of(counts, Count.Input),
            OutputTokens = Of(counts, Count.Output),
            CachedReadTokens = Of(counts, Count.CachedRead),
            CachedWriteTokens = Of(counts, Count.CachedWrite),
            ReasoningTokens = Of(counts, Count.Reasoning),
            AudioInputTokens = Of(counts, Count.AudioInput),
            ImageInputTokens = Of(counts, Count.ImageInput),
            AudioOutputTokens = Of(counts, Count.AudioOutput),
        };

        static long Of(ReadOnlySpan<long> counts, Count count) => Math.Max(0, counts[(int)count]);
    }
}
