using System.Buffers;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Contracts;

/// <summary>The provider's own bytes, to be copied as they come.</summary>
public sealed class RelayedAnswer(HttpResponseMessage response) : Answer
{
    private const int PeekBytes = 4096;
    private byte[]? _peeked;

    public HttpResponseMessage Response => response;

    /// <summary>The answer is server-sent events. Asked of the raw header: parsing it would allocate for every answer.</summary>
    public bool IsEventStream { get; } =
        response.Content.Headers.NonValidated.TryGetValues("Content-Type", out var type)
        && type.ToString().StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase);

    /// <summary>What peeking has read already, to be written first.</summary>
    public ReadOnlyMemory<byte> Peeked { get; private set; }

    /// <summary>Reads the first bytes of a stream. A fault when they are an error: some servers say 200 first and fail then.</summary>
    public async ValueTask<Fault?> PeekAsync(CancellationToken cancel)
    {
        try
        {
            var stream = OpenBody();
            // With empty hands, however long the first event takes.
            _ = await stream.ReadAsync(Memory<byte>.Empty, cancel);
            _peeked = ArrayPool<byte>.Shared.Rent(PeekBytes);
            var read = await stream.ReadAsync(_peeked, cancel);
            Peeked = _peeked.AsMemory(0, read);
            return IsError(Peeked.Span) ? new Fault(FaultKind.UpstreamError, "The provider began a stream and failed at once.") : null;
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            return new Fault(FaultKind.UpstreamError, $"The provider's stream broke off before its first byte: {broken.Message}")
            {
                Cause = broken,
            };
        }
    }

    /// <summary>The body as it arrives. The stream is there as soon as the headers are; nothing is waited for, so no task is made to say so.</summary>
    public Stream OpenBody() => response.Content.ReadAsStream(CancellationToken.None);

    /// <summary>Gives the peeked bytes' buffer back: thousands of idle streams should not hold thousands of buffers.</summary>
    public void ForgetPeeked()
    {
        if (_peeked is not null)
        {
            ArrayPool<byte>.Shared.Return(_peeked);
            _peeked = null;
            Peeked = default;
        }
    }

    public override ValueTask DisposeAsync()
    {
        ForgetPeeked();
        response.Dispose();
        return ValueTask.CompletedTask;
    }

    private static bool IsError(ReadOnlySpan<byte> first) =>
        first.StartsWith("data: {\"error\""u8) || first.StartsWith("data:{\"error\""u8) || first.StartsWith("event: error\n"u8);
}
