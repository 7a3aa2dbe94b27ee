using System.Net;

namespace Bifrost.Core.Outbound.Http1;

/// <summary>A body that comes as it is read.</summary>
internal sealed class BodyContent : HttpContent
{
    private BodyStream? _body;

    public void Open(BodyStream body) => _body = body;

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => _body!;

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(_body!);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _body!.CopyToAsync(stream);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        _body!.CopyToAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _body?.Dispose();
        }

        base.Dispose(disposing);
    }
}
