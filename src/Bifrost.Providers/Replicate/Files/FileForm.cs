using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using Bifrost.Wire.Framing;

namespace Bifrost.Providers.Replicate;

/// <summary>The form that uploads a file. Its bytes are sent from where they are, never copied together.</summary>
internal sealed class FileForm : HttpContent
{
    private readonly ArrayBufferWriter<byte> _head = new(1024);
    private readonly ArrayBufferWriter<byte> _tail = new(128);
    private readonly ReadOnlyMemory<byte> _bytes;

    public FileForm(string name, string contentType, ReadOnlyMemory<byte> bytes, ReadOnlySpan<byte> metadata)
    {
        _bytes = bytes;
        var boundary = MultipartWriter.FreshBoundary();
        var head = new MultipartWriter(_head, boundary);
        head.Field("filename", name);
        head.Field("type", contentType);
        head.Field("metadata", "application/json", metadata);
        head.BeginFile("content", name, contentType);
        var tail = new MultipartWriter(_tail, boundary);
        tail.EndFile();
        tail.Finish();
        Headers.ContentType = MediaTypeHeaderValue.Parse(head.ContentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_head.WrittenMemory, cancellationToken);
        await stream.WriteAsync(_bytes, cancellationToken);
        await stream.WriteAsync(_tail.WrittenMemory, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = (long)_head.WrittenCount + _bytes.Length + _tail.WrittenCount;
        return true;
    }
}
