using System.Text;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>A rough count for when nobody reports a real one. Always to be marked as estimated.</summary>
public static class EstimatedTokens
{
    /// <summary>A quarter of the UTF-8 bytes, rounded up: close for English, high for other languages, 0 only for nothing.</summary>
    public static int Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return OfBytes(Encoding.UTF8.GetByteCount(text));
    }

    /// <summary>Of a text with that many bytes.</summary>
    public static int OfBytes(long bytes) => (int)Math.Min((bytes + 3) / 4, int.MaxValue);
}
