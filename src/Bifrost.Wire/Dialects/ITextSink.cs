namespace Bifrost.Wire.Dialects;

/// <summary>Takes generated text, piece after piece.</summary>
public interface ITextSink
{
    /// <param name="utf8">Valid until this returns. A piece may end within a character only if the model's did.</param>
    void Write(ReadOnlySpan<byte> utf8);
}
