namespace Bifrost.Admin.Logs.Export;

/// <summary>Takes what is appended to a file by a writer that asks where it stands and may write synchronously, which an answer can neither tell nor take. What has
/// gathered is passed on from time to time.</summary>
internal sealed class AppendingStream : Stream
{
    private readonly MemoryStream _waiting = new();
    private long _passed;

    public override bool CanRead => false;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => _passed + _waiting.Length;

    public override long Position
    {
        get => Length;
        set
        {
            if (value != Length)
            {
                throw new NotSupportedException("What has been written is on its way already.");
            }
        }
    }

    /// <summary>Sends what has gathered.</summary>
    public async Task PassAsync(Stream to, CancellationToken cancel)
    {
        _waiting.Position = 0;
        await _waiting.CopyToAsync(to, cancel);
        _passed += _waiting.Length;
        _waiting.SetLength(0);
    }

    public override void Write(byte[] buffer, int offset, int count) => _waiting.Write(buffer, offset, count);

    public override void Write(ReadOnlySpan<byte> buffer) => _waiting.Write(buffer);

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin)
    {
        Position =
            origin switch
            {
                SeekOrigin.Begin => 0,
                _ => Length,
            } + offset;
        return Length;
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
