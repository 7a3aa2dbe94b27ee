using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bifrost.Wire.Json;

/// <summary>A JSON writer borrowed from the current thread: streams write thousands of small objects, and a writer for each would be
/// most of their garbage. Disposing flushes and gives it back. Not to be held across an await.</summary>
public readonly ref struct JsonLease : IDisposable
{
    // Answers are JSON documents, never pasted into HTML, so quotes in other scripts need no escaping.
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    // A spare writer must not keep the last caller's buffer alive. Nothing is ever written here.
    private static readonly ArrayBufferWriter<byte> Nowhere = new();

    [ThreadStatic]
    private static Utf8JsonWriter? _spare;

    private JsonLease(Utf8JsonWriter json) => Json = json;

    public Utf8JsonWriter Json { get; }

    public static JsonLease On(IBufferWriter<byte> output)
    {
        var json = _spare;
        if (json is null)
        {
            return new JsonLease(new Utf8JsonWriter(output, Options));
        }

        _spare = null;
        json.Reset(output);
        return new JsonLease(json);
    }

    public void Dispose()
    {
        Json.Flush();
        Json.Reset(Nowhere);
        _spare = Json;
    }
}
