using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bifrost.Wire.Json;

/// <summary>Copies a body with a stretch of it replaced. The original stays as it is: another attempt must start from the same bytes.</summary>
public static class Splice
{
    public static void Write(ReadOnlySpan<byte> body, ByteRange at, ReadOnlySpan<byte> replacement, IBufferWriter<byte> output)
    {
        output.Write(body[..at.Start]);
        output.Write(replacement);
        output.Write(body[at.End..]);
    }

    /// <summary>The body with another model and without the gateway's own <c>fallbacks</c>.</summary>
    public static void WriteRequest(ReadOnlySpan<byte> body, in Envelope envelope, string model, IBufferWriter<byte> output)
    {
        var quoted = JsonEncodedText.Encode(model, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes;
        var (first, second) = (envelope.Model, envelope.FallbacksMember);
        if (second.IsEmpty || second.Start > first.Start)
        {
            output.Write(body[..(first.Start + 1)]);
            output.Write(quoted);
            output.Write(body[(first.End - 1)..(second.IsEmpty ? body.Length : second.Start)]);
            output.Write(second.IsEmpty ? default : body[second.End..]);
        }
        else
        {
            output.Write(body[..second.Start]);
            output.Write(body[second.End..(first.Start + 1)]);
            output.Write(quoted);
            output.Write(body[(first.End - 1)..]);
        }
    }
}
