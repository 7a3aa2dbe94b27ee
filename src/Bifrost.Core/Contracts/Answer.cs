using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Contracts;

/// <summary>What an attempt brought back, nothing of it sent to the caller yet. Owned by Deliver, which disposes of it.</summary>
public abstract class Answer : IAsyncDisposable
{
    public abstract ValueTask DisposeAsync();
}

/// <summary>A whole reply that the caller's dialect writes.</summary>
public abstract class WrittenAnswer : Answer
{
    /// <summary>HTTP status. Default 200.</summary>
    public int Status { get; init; } = 200;

    public abstract string ContentType(IDialect callerSpeaks);

    public abstract void Write(IDialect callerSpeaks, IBufferWriter<byte> output);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public static WrittenAnswer Of<TRequest, TReply>(TReply reply, TRequest? asked)
        where TRequest : class => new Typed<TRequest, TReply>(reply, asked);

    private sealed class Typed<TRequest, TReply>(TReply reply, TRequest? asked) : WrittenAnswer
        where TRequest : class
    {
        public override string ContentType(IDialect callerSpeaks) => ((IReplyWriter<TRequest, TReply>)callerSpeaks).ReplyContentType(asked);

        public override void Write(IDialect callerSpeaks, IBufferWriter<byte> output) =>
            ((IReplyWriter<TRequest, TReply>)callerSpeaks).WriteReply(reply, asked, output);
    }
}

/// <summary>A reply that arrives in pieces, which the caller's dialect writes as events.</summary>
public abstract class StreamedAnswer : Answer
{
    /// <summary>Waits for the next piece. True: one is here (see <see cref="Write"/>); false: the stream is over. Cancelling
    /// <paramref name="patience"/> stops the waiting, not the stream: ask again later.</summary>
    public abstract ValueTask<bool> WaitAsync(CancellationToken patience);

    /// <summary>A piece is here already and no waiting is needed.</summary>
    public abstract bool Ready { get; }

    /// <summary>The sequence has ended or failed; waiting brings nothing more.</summary>
    public abstract bool IsOver { get; }

    /// <summary>The piece at hand, seen without taking it: its failure, or null.</summary>
    public abstract Fault? Failure { get; }

    /// <summary>The piece at hand says only that something will come.</summary>
    public abstract bool IsOpening { get; }

    /// <summary>Lays the opening piece at hand aside: <see cref="WriteHeld"/> writes it.</summary>
    public abstract void Hold();

    /// <summary>Usage that the piece at hand knows, or null.</summary>
    public abstract Usage? Usage { get; }

    /// <summary>Bytes of generated text (UTF-8) in the piece at hand.</summary>
    public abstract int TextBytes { get; }

    /// <summary>Copies the generated text of the piece at hand, if it has any.</summary>
    public abstract void CopyText(ITextSink text);

    /// <summary>Writes the opening pieces that were laid aside.</summary>
    public abstract void WriteHeld(IBufferWriter<byte> output);

    /// <summary>Writes the piece at hand and takes it.</summary>
    public abstract void Write(IBufferWriter<byte> output);

    /// <summary>Writes what ends a stream that did not fail.</summary>
    public abstract void Finish(IBufferWriter<byte> output);

    public static StreamedAnswer Of<TRequest, TDelta>(IAsyncEnumerable<TDelta> deltas, TRequest? asked, IDialect callerSpeaks)
        where TRequest : class
        where TDelta : class => new DeltaAnswer<TRequest, TDelta>(deltas, asked, (IDeltaWriters<TRequest, TDelta>)callerSpeaks);
}

/// <summary>Bytes of a file or film.</summary>
public sealed class ContentAnswer(Stream content, string contentType) : Answer
{
    public Stream Content => content;

    public string ContentType => contentType;

    /// <summary>200, or 206 with <see cref="ContentRange"/>.</summary>
    public int Status { get; init; } = 200;

    public long? Length { get; init; }

    public string? ContentRange { get; init; }

    public bool AcceptsRanges { get; init; }

    public string? FileName { get; init; }

    /// <summary>Disposed of with the answer: the response that the stream belongs to.</summary>
    public IDisposable? Owner { get; init; }

    public override async ValueTask DisposeAsync()
    {
        await content.DisposeAsync();
        Owner?.Dispose();
    }
}
