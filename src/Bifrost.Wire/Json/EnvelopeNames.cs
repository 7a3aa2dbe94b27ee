using System.Text.Json;

namespace Bifrost.Wire.Json;

/// <summary>The top-level members that are looked at.</summary>
internal enum EnvelopeMember
{
    Other,
    Model,
    Stream,
    StreamOptions,
    Fallbacks,
    MaxTokens,
    MaxCompletionTokens,
    MaxOutputTokens,
    Choices,
    BestOf,
    Input,
    Prompt,
    Tools,

    /// <summary>Names content that is kept elsewhere.</summary>
    Reference,

    /// <summary>One of those above in other letters: some servers tell no capitals from small letters.</summary>
    Disguised,
}

/// <summary>Finds out which member a name means, however it is escaped.</summary>
internal static class EnvelopeNames
{
    /// <summary>Bytes that the longest name of interest has, and some.</summary>
    public const int Longest = 32;

    /// <summary>Bytes that an escape makes of one.</summary>
    public const int EscapeLength = 6;

    public static EnvelopeMember Of(ref JsonCursor reader)
    {
        if (!reader.IsEscaped)
        {
            return Find(reader.Value);
        }

        Span<byte> plain = stackalloc byte[Longest * EscapeLength];
        return Find(plain[..Unescape(ref reader, plain)]);
    }

    /// <summary>The length of the text at hand, copied unescaped; 0 when it is no name of interest, which are all short and ASCII.</summary>
    public static int Unescape(ref JsonCursor reader, scoped Span<byte> plain)
    {
        // Halves of characters, which the reader throws at, are in none of them.
        var raw = reader.Value;
        return raw.Length > plain.Length || raw.IndexOf("\\ud"u8) >= 0 || raw.IndexOf("\\uD"u8) >= 0 ? 0 : reader.CopyString(plain);
    }

    private static EnvelopeMember Find(ReadOnlySpan<byte> name)
    {
        var member = Match(name);
        if (member != EnvelopeMember.Other || name.Length > Longest || name.IndexOfAnyExceptInRange((byte)'_', (byte)'z') < 0)
        {
            return member;
        }

        Span<byte> folded = stackalloc byte[Longest];
        return Match(folded[..Fold(name, folded)]) == EnvelopeMember.Other ? EnvelopeMember.Other : EnvelopeMember.Disguised;
    }

    /// <summary>As Go's JSON package compares names: small letters, and two characters that are no ASCII but have an ASCII small letter.</summary>
    private static int Fold(ReadOnlySpan<byte> name, Span<byte> folded)
    {
        var length = 0;
        while (!name.IsEmpty)
        {
            var (letter, used) =
                name.StartsWith("\u017F"u8) ? ((byte)'s', 2)
                : name.StartsWith("\u212A"u8) ? ((byte)'k', 3)
                : (name[0] is >= (byte)'A' and <= (byte)'Z' ? (byte)(name[0] | 0x20) : name[0], 1);
            folded[length++] = letter;
            name = name[used..];
        }

        return length;
    }

    private static EnvelopeMember Match(ReadOnlySpan<byte> name) =>
        name.Length switch
        {
            1 when name[0] == (byte)'n' => EnvelopeMember.Choices,
            5 when name.SequenceEqual("model"u8) => EnvelopeMember.Model,
            5 when name.SequenceEqual("input"u8) => EnvelopeMember.Input,
            5 when name.SequenceEqual("tools"u8) => EnvelopeMember.Tools,
            6 when name.SequenceEqual("stream"u8) => EnvelopeMember.Stream,
            6 when name.SequenceEqual("prompt"u8) => EnvelopeMember.Prompt,
            7 when name.SequenceEqual("best_of"u8) => EnvelopeMember.BestOf,
            9 when name.SequenceEqual("fallbacks"u8) => EnvelopeMember.Fallbacks,
            10 when name.SequenceEqual("max_tokens"u8) => EnvelopeMember.MaxTokens,
            12 when name.SequenceEqual("conversation"u8) => EnvelopeMember.Reference,
            14 when name.SequenceEqual("stream_options"u8) => EnvelopeMember.StreamOptions,
            17 when name.SequenceEqual("max_output_tokens"u8) => EnvelopeMember.MaxOutputTokens,
            18 when name.SequenceEqual("web_search_options"u8) => EnvelopeMember.Reference,
            20 when name.SequenceEqual("previous_response_id"u8) => EnvelopeMember.Reference,
            21 when name.SequenceEqual("max_completion_tokens"u8) => EnvelopeMember.MaxCompletionTokens,
            _ => EnvelopeMember.Other,
        };
}
