using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bifrost.Observability.Redaction;

/// <summary>Takes secrets out of JSON and leaves every other byte as it was. Strings that are JSON themselves (arguments of tools) are read as such.</summary>
internal static class JsonRedaction
{
    private const int Deepest = 4;

    private static readonly JsonWriterOptions Escaping = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 256 };

    /// <param name="json">May end anywhere.</param>
    /// <param name="redactor">What a secret is.</param>
    /// <param name="clean">The whole tokens of it, clean.</param>
    /// <param name="rest">Where what could not be read begins.</param>
    /// <param name="depth">Strings within strings.</param>
    /// <returns>Whether it is JSON at all.</returns>
    public static bool TryRedact(ReadOnlySpan<byte> json, Redactor redactor, out byte[] clean, out int rest, int depth = 0)
    {
        (clean, rest) = ([], json.Length);
        var start = json.TrimStart(" \t\r\n"u8);
        if (start.IsEmpty || start[0] is not ((byte)'{' or (byte)'['))
        {
            return false;
        }

        var walk = new Walk(redactor, depth);
        var reader = new Utf8JsonReader(json, isFinalBlock: false, new JsonReaderState(Reading));
        var output = new ArrayBufferWriter<byte>(json.Length + 16);
        var copied = 0;
        try
        {
            while (reader.Read())
            {
                if (walk.Replacement(ref reader) is { } replacement)
                {
                    var at = (int)reader.TokenStartIndex;
                    output.Write(json[copied..at]);
                    output.Write(replacement);
                    copied = (int)reader.BytesConsumed;
                }
            }
        }
        catch (JsonException)
        {
            // It is JSON up to here.
        }

        var end = (int)reader.BytesConsumed;
        if (end == 0)
        {
            return false;
        }

        output.Write(json[copied..end]);
        var tail = json[end..].Trim(" \t\r\n"u8);
        if (!tail.IsEmpty && walk.NextIsSecret)
        {
            output.Write("\"***"u8);
        }

        rest = tail.IsEmpty || walk.NextIsSecret ? json.Length : end;
        clean = output.WrittenSpan.ToArray();
        return true;
    }

    private struct Walk(Redactor redactor, int depth)
    {
        // Depth below which every text is secret, because the member that holds it is; -1: none is.
        private int _secretBelow = -1;

        // Depth below which members called token are words of an answer.
        private int _wordsBelow = -1;

        // Members that describe, as a schema does: in it password is the name of a field and no secret.
        private bool _describes;

        /// <summary>The next value belongs to a member with a secret name.</summary>
        public bool ValueIsSecret { get; private set; }

        /// <summary>What comes next is a secret, or stands within one.</summary>
        public readonly bool NextIsSecret => ValueIsSecret || (_secretBelow >= 0 && !_describes);

        public byte[]? Replacement(ref Utf8JsonReader reader)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    Enter(NameOf(ref reader), reader.CurrentDepth);
                    return null;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    if (ValueIsSecret && _secretBelow < 0)
                    {
                        _secretBelow = reader.CurrentDepth;
                    }

                    ValueIsSecret = false;
                    return null;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _secretBelow = reader.CurrentDepth <= _secretBelow ? -1 : _secretBelow;
                    _wordsBelow = reader.CurrentDepth <= _wordsBelow ? -1 : _wordsBelow;
                    return null;
                case JsonTokenType.String or JsonTokenType.Number or JsonTokenType.True or JsonTokenType.False:
                    var secret = NextIsSecret;
                    ValueIsSecret = false;
                    return secret ? "\"***\""u8.ToArray()
                        : reader.TokenType == JsonTokenType.String ? Cleaned(ref reader)
                        : null;
                default:
                    ValueIsSecret = false;
                    return null;
            }
        }

        private void Enter(string name, int at)
        {
            if (name is "logprobs" or "top_logprobs" && _wordsBelow < 0)
            {
                _wordsBelow = at;
            }

            ValueIsSecret = redactor.IsSecretName(name) && !(name == "token" && _wordsBelow >= 0);
            _describes = name is "type" or "title" or "description" or "format" or "enum" or "required";
        }

        private readonly byte[]? Cleaned(ref Utf8JsonReader reader)
        {
            var text = TextOf(ref reader);
            if (depth < Deepest && text.AsSpan().TrimStart() is ['{' or '[', ..])
            {
                var inner = Encoding.UTF8.GetBytes(text);
                if (TryRedact(inner, redactor, out var nested, out var rest, depth + 1) && rest == inner.Length)
                {
                    var whole = Encoding.UTF8.GetString(nested);
                    return whole == text ? null : Quoted(whole);
                }
            }

            var clean = redactor.Text(text);
            return ReferenceEquals(clean, text) || clean == text ? null : Quoted(clean);
        }

        private static string NameOf(ref Utf8JsonReader reader) => TextOf(ref reader);

        private static string TextOf(ref Utf8JsonReader reader)
        {
            try
            {
                return reader.GetString() ?? "";
            }
            catch (InvalidOperationException)
            {
                // Half a character.
                return Encoding.UTF8.GetString(reader.ValueSpan);
            }
        }

        private static byte[] Quoted(string text)
        {
            var output = new ArrayBufferWriter<byte>(text.Length + 16);
            using (var writer = new Utf8JsonWriter(output, Escaping))
            {
                writer.WriteStringValue(text);
            }

            return output.WrittenSpan.ToArray();
        }
    }
}
