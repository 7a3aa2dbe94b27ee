namespace Bifrost.Wire.Pictures;

/// <summary>The content of consecutive IDAT chunks as one stream of compressed pixels.</summary>
internal sealed class PngDataSource(ReadOnlyMemory<byte> chunks) : Stream
{
    private ReadOnlyMemory<byte> _chunks = chunks;
    private ReadOnlyMemory<byte> _data;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (_data.IsEmpty)
        {
            if (!PngChunk.TryTake(ref _chunks, out var type, out _data) || !type.Span.SequenceEqual("IDAT"u8))
            {
                _data = default;
                _chunks = default;
                return 0;
            }
        }

        var count = Math.Min(buffer.Length, _data.Length);
        _data.Span[..count].CopyTo(buffer);
        _data = _data[count..];
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() { }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
