using System.Text.Json;
using System.Text.Unicode;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Json;

/// <summary>Finds the envelope of a JSON request in one forward pass that builds nothing but the model's name. The whole body is checked:
/// what is not valid JSON in valid UTF-8 is refused here, whatever lane it would have taken.</summary>
public static class EnvelopeScanner
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = JsonBody.MaxDepth };

    /// <param name="body">The whole body.</param>
    /// <param name="caps">The members that limit the answer's length in the operation at hand. Others of that meaning are not looked at: a server
    /// would not either, and a caller could hide behind them.</param>
    public static Outcome<Envelope> Scan(ReadOnlySpan<byte> body, CapMembers caps = CapMembers.None)
    {
        if (body.IsEmpty)
        {
            return Fault.Invalid("The request body is empty. Send a JSON object.", code: "invalid_json");
        }

        // Strings are skipped without a look at their characters.
        if (!Utf8.IsValid(body))
        {
            return Fault.Invalid("The request body is not valid UTF-8.", code: "invalid_json");
        }

        try
        {
            var cursor = new JsonCursor(body, JsonBody.MaxDepth);
            var found = new EnvelopeWalk(body, caps).Run(ref cursor);
            return cursor.IsBroken ? NotJson(body) : found;
        }
        catch (InvalidOperationException)
        {
            // What the runtime throws when it unescapes half a surrogate pair.
            return Fault.Invalid(
                "The request body has an escape for half a character (a lone surrogate) in `model`.",
                code: "invalid_json"
            );
        }
    }

    /// <summary>Reads it again, with the reader that can tell why it is none.</summary>
    private static Fault NotJson(ReadOnlySpan<byte> body)
    {
        var reason = "it breaks off, or something stands where it may not.";
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            while (reader.Read()) { }
        }
        catch (JsonException broken)
        {
            reason = JsonBody.Reason(broken);
        }

        return Fault.Invalid($"The request body is not valid JSON: {reason}", code: "invalid_json");
    }
}
