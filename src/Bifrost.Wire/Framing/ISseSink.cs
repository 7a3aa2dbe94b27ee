namespace Bifrost.Wire.Framing;

/// <summary>Takes the events of a <see cref="SseReader"/>. The spans are valid during the call only.</summary>
public interface ISseSink
{
    /// <param name="name">Empty when the stream named none, which means <c>message</c>.</param>
    /// <param name="data">The data lines, joined with line feeds.</param>
    /// <param name="id">The last id the stream gave, in this event or before; empty when none.</param>
    void OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ReadOnlySpan<byte> id);

    void OnComment(ReadOnlySpan<byte> text);
}
