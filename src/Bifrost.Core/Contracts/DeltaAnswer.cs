using System.Buffers;
using System.Text;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Contracts;

/// <summary>Puts the pieces of an async sequence, one by one and without loss, before whoever peeks, waits with a limit, and writes.
/// Leading opening pieces are kept back until something of substance, or the reader's impatience, follows.</summary>
internal sealed class DeltaAnswer<TRequest, TDelta> : StreamedAnswer
    where TRequest : class
    where TDelta : class
{
    private readonly IAsyncEnumerator<TDelta> _source;
    private readonly CancellationTokenSource _stop = new();
    private readonly IDeltaWriter<TDelta> _writer;
    private Task<bool>? _moving;
    private TDelta? _here;
    private List<TDelta>? _held;

    public DeltaAnswer(IAsyncEnumerable<TDelta> deltas, TRequest? asked, IDeltaWriters<TRequest, TDelta> dialect)
    {
        _source = deltas.GetAsyncEnumerator(_stop.Token);
        _writer = dialect.OpenWriter(asked);
    }

    public override bool Ready
    {
        get
        {
            if (_here is not null)
            {
                return true;
            }

            _moving ??= _source.MoveNextAsync().AsTask();
            if (!_moving.IsCompletedSuccessfully)
            {
                return false;
            }

            Take();
            return _here is not null;
        }
    }

    public override bool IsOver => _here is null && _moving is { IsCompleted: true };

    public override Fault? Failure => (_here as IFailedDelta)?.Fault;

    public override bool IsOpening => _here is IOpeningDelta;

    public override Usage? Usage => (_here as IUsageDelta)?.Usage;

    public override int TextBytes => _here is ITextDelta piece ? Encoding.UTF8.GetByteCount(piece.Text) : 0;

    public override void CopyText(ITextSink text)
    {
        if (_here is not ITextDelta { Text: { Length: > 0 } piece })
        {
            return;
        }

        var bytes = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetMaxByteCount(piece.Length));
        text.Write(bytes.AsSpan(0, Encoding.UTF8.GetBytes(piece, bytes)));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    public override async ValueTask<bool> WaitAsync(CancellationToken patience)
    {
        if (_here is not null)
        {
            return true;
        }

        _moving ??= _source.MoveNextAsync().AsTask();
        await _moving.WaitAsync(patience);
        Take();
        return _here is not null;
    }

    public override void Hold()
    {
        (_held ??= []).Add(_here ?? throw new InvalidOperationException("There is no piece at hand."));
        _here = null;
    }

    public override void WriteHeld(IBufferWriter<byte> output)
    {
        foreach (var piece in _held ?? [])
        {
            _writer.Write(piece, output);
        }

        _held = null;
    }

    public override void Write(IBufferWriter<byte> output)
    {
        var piece = _here ?? throw new InvalidOperationException("There is no piece at hand.");
        _here = null;
        _writer.Write(piece, output);
    }

    public override void Finish(IBufferWriter<byte> output) => _writer.Finish(output);

    public override async ValueTask DisposeAsync()
    {
        // The sequence may be waiting for its next piece; it must be told to stop and be waited for before it can be disposed of.
        await _stop.CancelAsync();
        if (_moving is { IsCompleted: false } moving)
        {
            await ((Task)moving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _source.DisposeAsync();
        _stop.Dispose();
    }

    private void Take()
    {
        // The result is kept when the sequence is over, so that asking again says so again.
#pragma warning disable VSTHRD002 // The task is complete; nothing is waited for.
        if (_moving is { IsCompletedSuccessfully: true } done && done.GetAwaiter().GetResult())
#pragma warning restore VSTHRD002
        {
            _here = _source.Current;
            _moving = null;
        }
    }
}
