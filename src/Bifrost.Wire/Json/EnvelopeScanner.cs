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

        // The reader skips over strings without looking at their bytes.
        if (!Utf8.IsValid(body))
        {
            return Fault.Invalid("The request body is not valid UTF-8.", code: "invalid_json");
        }

        try
        {
            return new EnvelopeWalk(body, caps).Run(new Utf8JsonReader(body, Options));
        }
        catch (JsonException broken)
        {
            return Fault.Invalid($"The request body is not valid JSON: {JsonBody.Reason(broken)}", code: "invalid_json");
        }
        catch (InvalidOperationException)
        {
            // What the reader throws when it unescapes half a surrogate pair.
            return Fault.Invalid(
                "The request body has an escape for half a character (a lone surrogate) in `model`.",
                code: "invalid_json"
            );
        }
    }
}
