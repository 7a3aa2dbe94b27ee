using System.Text.Json;
using System.Text.Unicode;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Json;

/// <summary>Finds the envelope of a JSON request in one forward pass that builds nothing but the model's name. The whole body is checked:
/// what is not valid JSON in valid UTF-8 is refused here, whatever lane it would have taken.</summary>
public static class EnvelopeScanner
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = JsonBody.MaxDepth };

    public static Outcome<Envelope> Scan(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return Fault.Invalid("The request body is empty. Send a JSON object.", code: "invalid_json");
        }

        // The reader skips over strings without looking at their bytes.
        if (!Utf8.IsValid(body))
        {
            return Fault.Invalid("The request body is not valid UTF-8.", code: "invalid_json");
        }

        try
        {
            return Walk(body);
        }
        catch (JsonException broken)
        {
            return Fault.Invalid($"The request body is not valid JSON: {JsonBody.Reason(broken)}", code: "invalid_json");
        }
        catch (InvalidOperationException)
        {
            // What the reader throws when it unescapes half a surrogate pair.
            return Fault.Invalid(
                "The request body has an escape for half a character (a lone surrogate) in a name or in `model`.",
                code: "invalid_json"
            );
        }
    }

    private static Outcome<Envelope> Walk(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, Options);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Fault.Invalid("The request body must be a JSON object.", code: "invalid_json");
        }

        ByteRange model = default;
        ByteRange fallbacks = default;
        ByteRange fallbacksMember = default;
        string? name = null;
        bool? streams = null;
        var memberEnd = (int)reader.BytesConsumed;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var keyStart = (int)reader.TokenStartIndex;
            if (reader.ValueTextEquals("model"u8))
            {
                if (!model.IsEmpty)
                {
                    return Repeated("model");
                }

                reader.Read();
                if (reader.TokenType != JsonTokenType.String)
                {
                    return Fault.Invalid("`model` must be a string.", "model", "invalid_type");
                }

                name = reader.GetString();
                model = new ByteRange((int)reader.TokenStartIndex, (int)(reader.BytesConsumed - reader.TokenStartIndex));
            }
            else if (reader.ValueTextEquals("stream"u8))
            {
                if (streams is not null)
                {
                    return Repeated("stream");
                }

                reader.Read();
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False or JsonTokenType.Null))
                {
                    return Fault.Invalid("`stream` must be true or false.", "stream", "invalid_type");
                }

                streams = reader.TokenType == JsonTokenType.True;
            }
            else if (reader.ValueTextEquals("fallbacks"u8))
            {
                if (!fallbacksMember.IsEmpty)
                {
                    return Repeated("fallbacks");
                }

                reader.Read();
                var valueStart = (int)reader.TokenStartIndex;
                reader.Skip();
                fallbacks = new ByteRange(valueStart, (int)reader.BytesConsumed - valueStart);
                fallbacksMember = MemberWithComma(body, memberEnd, keyStart, fallbacks.End);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }

            memberEnd = (int)reader.BytesConsumed;
        }

        // Anything but white space after the object is a mistake that the reader finds.
        while (reader.Read()) { }

        return new Envelope
        {
            Model = model,
            ModelName = name ?? "",
            Streams = streams ?? false,
            Fallbacks = fallbacks,
            FallbacksMember = fallbacksMember,
        };
    }

    // If we read one `model` and the provider reads the other, every rule we enforce is decoration.
    private static Fault Repeated(string name) =>
        Fault.Invalid($"The request body has more than one top-level `{name}`. Send it once.", name, "duplicate_parameter");

    private static ByteRange MemberWithComma(ReadOnlySpan<byte> body, int previousEnd, int start, int end)
    {
        // Between two members stands one comma; before the first stands none.
        var before = body[previousEnd..start].IndexOf((byte)',');
        if (before >= 0)
        {
            return new ByteRange(previousEnd + before, end - previousEnd - before);
        }

        var after = end;
        while (body[after] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            after++;
        }

        return new ByteRange(start, (body[after] == (byte)',' ? after + 1 : end) - start);
    }
}
