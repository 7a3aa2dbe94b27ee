using System.Text.Json;

namespace Bifrost.Wire.Json;

/// <summary>Counts what a request brings along besides text, while the scanner skips over it. Rather one too many than one too few: who hides
/// input from the count hides it from the limits.</summary>
internal struct ContentCount
{
    private bool _inMedia;

    private enum Name
    {
        Other,
        Address,
        Kind,
        File,
        Files,
        FileData,
        MediaAddress,
        Audio,
        Content,
        ItemReference,
        PlainTool,
    }

    public int References { get; private set; }

    public int InlineMedia { get; private set; }

    /// <summary>Texts and token lists directly within <c>prompt</c>.</summary>
    public int Prompts { get; private set; }

    /// <summary>Moves from the value of a top-level member to its end.</summary>
    public void Skip(ref JsonCursor reader, EnvelopeMember member)
    {
        if (member == EnvelopeMember.Reference || (member == EnvelopeMember.Prompt && reader.TokenType == JsonTokenType.StartObject))
        {
            // Its mere presence brings in what the body does not show.
            References += reader.TokenType is JsonTokenType.Null or JsonTokenType.False ? 0 : 1;
        }

        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        _inMedia = false;
        var end = reader.Depth;
        var isWhole = false;
        while (reader.Read() && reader.Depth > end)
        {
            var isItem = reader.Depth == end + 1;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    var ofItem = reader.Depth == end + 2;
                    var name = NameOf(ref reader);
                    isWhole |= ofItem && name is Name.Kind or Name.Content && !NullFollows(reader);
                    Take(name, ref reader, ofItem && member == EnvelopeMember.Tools);
                    break;
                case JsonTokenType.StartObject when isItem:
                    isWhole = false;
                    break;
                case JsonTokenType.EndObject when isItem && member == EnvelopeMember.Input:
                    // An item with nothing but an id stands for one that is stored elsewhere.
                    References += isWhole ? 0 : 1;
                    break;
                case JsonTokenType.String or JsonTokenType.StartArray when isItem && member == EnvelopeMember.Prompt:
                    Prompts++;
                    break;
                default:
                    break;
            }
        }
    }

    private void Take(Name name, ref JsonCursor reader, bool ofTool)
    {
        switch (name)
        {
            case Name.Address when _inMedia:
                TakeAddress(ref reader);
                break;
            case Name.MediaAddress:
                TakeAddress(ref reader);
                _inMedia |= reader.TokenType == JsonTokenType.StartObject;
                break;
            case Name.Kind:
                reader.Read();
                var kind = reader.TokenType == JsonTokenType.String ? NameOf(ref reader) : Name.PlainTool;
                References += kind == Name.ItemReference || (ofTool && kind != Name.PlainTool) ? 1 : 0;
                break;
            case Name.File:
                reader.Read();
                References += reader.TokenType == JsonTokenType.String ? 1 : 0;
                break;
            case Name.Files:
                reader.Read();
                References += reader.TokenType == JsonTokenType.StartArray ? 1 : 0;
                break;
            case Name.FileData:
                reader.Read();
                InlineMedia += reader.TokenType == JsonTokenType.String ? 1 : 0;
                break;
            case Name.Audio:
                reader.Read();
                InlineMedia += reader.TokenType == JsonTokenType.StartObject ? 1 : 0;
                break;
            default:
                break;
        }
    }

    private void TakeAddress(ref JsonCursor reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            var inline = reader.Value.StartsWith("data:"u8);
            InlineMedia += inline ? 1 : 0;
            References += inline ? 0 : 1;
        }
    }

    private static bool NullFollows(JsonCursor ahead)
    {
        ahead.Read();
        return ahead.TokenType == JsonTokenType.Null;
    }

    private static Name NameOf(ref JsonCursor reader)
    {
        if (!reader.IsEscaped)
        {
            return Match(reader.Value);
        }

        Span<byte> plain = stackalloc byte[EnvelopeNames.Longest * EnvelopeNames.EscapeLength];
        return Match(plain[..EnvelopeNames.Unescape(ref reader, plain)]);
    }

    private static Name Match(ReadOnlySpan<byte> name) =>
        name.Length switch
        {
            3 when name.SequenceEqual("url"u8) => Name.Address,
            4 when name.SequenceEqual("type"u8) => Name.Kind,
            6 when name.SequenceEqual("custom"u8) => Name.PlainTool,
            7 when name.SequenceEqual("file_id"u8) => Name.File,
            7 when name.SequenceEqual("content"u8) => Name.Content,
            8 when name.SequenceEqual("file_url"u8) => Name.File,
            8 when name.SequenceEqual("file_ids"u8) => Name.Files,
            8 when name.SequenceEqual("function"u8) => Name.PlainTool,
            9 when name.SequenceEqual("file_data"u8) => Name.FileData,
            9 when name.SequenceEqual("image_url"u8) => Name.MediaAddress,
            9 when name.SequenceEqual("video_url"u8) => Name.MediaAddress,
            9 when name.SequenceEqual("audio_url"u8) => Name.MediaAddress,
            11 when name.SequenceEqual("input_audio"u8) => Name.Audio,
            14 when name.SequenceEqual("item_reference"u8) => Name.ItemReference,
            16 when name.SequenceEqual("vector_store_ids"u8) => Name.Files,
            _ => Name.Other,
        };
}
