using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects;

/// <summary>A published wire format for an operation. Pure: bytes in, bytes out. Stateless, so one instance serves all threads.</summary>
public interface IDialect
{
    /// <summary>Name in logs and tables, for instance <c>openai-chat</c>.</summary>
    string Name { get; }

    /// <summary>Finds usage in a whole JSON answer or in the data of one stream event. Never throws, whatever the bytes.</summary>
    bool TryReadUsage(ReadOnlySpan<byte> payload, out Usage usage);

    /// <summary>Bytes of generated text (UTF-8) in the data of one stream event, refusals, reasoning and tool arguments included. Never throws,
    /// whatever the bytes; rather too many than too few. Default: none, for what streams no text.</summary>
    long CountText(ReadOnlySpan<byte> payload) => 0;

    /// <summary>As <see cref="CountText"/>, and the text is handed on. Default: none.</summary>
    long CopyText(ReadOnlySpan<byte> payload, ITextSink text) => 0;

    /// <summary>Writes a whole error answer (JSON).</summary>
    void WriteFault(Fault fault, IBufferWriter<byte> output);

    /// <summary>Writes a fault as the last event of a stream that has begun, framing included.</summary>
    void WriteStreamFault(Fault fault, IBufferWriter<byte> output);
}

/// <summary>A request body with its content type, which multipart needs.</summary>
public readonly record struct RequestBytes(ReadOnlyMemory<byte> Body, string? ContentType);

/// <summary>The half of a dialect that serves a caller: reads what it asks, writes what it gets.</summary>
public interface ICallerDialect<TRequest, TReply, TDelta>
    : IRequestReader<TRequest>,
        IReplyWriter<TRequest, TReply>,
        IDeltaWriters<TRequest, TDelta>;

public interface IRequestReader<TRequest> : IDialect
{
    /// <summary>Reads and validates a whole request. Bad input is a fault that names the field; nothing is thrown.</summary>
    Outcome<TRequest> ReadRequest(RequestBytes body);
}

public interface IReplyWriter<in TRequest, in TReply> : IDialect
{
    /// <summary>Content type of the reply. Default: application/json.</summary>
    string ReplyContentType(TRequest? asked) => "application/json";

    /// <param name="reply">The answer.</param>
    /// <param name="asked">The request, for dialects that echo it; null when the answer is fetched later.</param>
    /// <param name="output">Where it goes.</param>
    void WriteReply(TReply reply, TRequest? asked, IBufferWriter<byte> output);
}

public interface IDeltaWriters<in TRequest, in TDelta> : IDialect
{
    /// <summary>A new state machine for one stream; not thread-safe.</summary>
    IDeltaWriter<TDelta> OpenWriter(TRequest? asked);
}

/// <summary>Turns deltas into stream events, framing included. One stream, one writer.</summary>
public interface IDeltaWriter<in TDelta>
{
    /// <summary>Writes nothing, one or several events.</summary>
    void Write(TDelta delta, IBufferWriter<byte> output);

    /// <summary>Called once after the last delta of a stream that did not fail: writes what ends it (<c>[DONE]</c>).</summary>
    void Finish(IBufferWriter<byte> output);
}

/// <summary>The half of a dialect that serves a provider: writes what is asked of it, reads what it answers.</summary>
public interface IProviderDialect<TRequest, TReply, TDelta> : IDialect
{
    /// <param name="request">What to ask.</param>
    /// <param name="model">The model name the provider knows.</param>
    /// <param name="output">Where it goes.</param>
    /// <returns>Names of what the dialect cannot say and left out; empty when nothing is lost.</returns>
    IReadOnlyList<string> WriteRequest(TRequest request, string model, IBufferWriter<byte> output);

    /// <param name="body">A whole JSON answer with a 2xx status.</param>
    /// <param name="model">The model name to show the caller.</param>
    Outcome<TReply> ReadReply(ReadOnlyMemory<byte> body, string model);

    /// <summary>A new state machine for one stream; not thread-safe.</summary>
    IDeltaReader<TDelta> OpenReader(string model);
}

/// <summary>Turns stream bytes into deltas. Any chunking of the same bytes gives the same deltas; nothing is thrown.</summary>
public interface IDeltaReader<TDelta>
{
    /// <summary>Takes the next bytes and appends the deltas they complete.</summary>
    void Read(ReadOnlySpan<byte> bytes, ICollection<TDelta> deltas);

    /// <summary>Called once at the end of the bytes: appends a failure if the stream stopped before it was finished.</summary>
    void End(ICollection<TDelta> deltas);
}
