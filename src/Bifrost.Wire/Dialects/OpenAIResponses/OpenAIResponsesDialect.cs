using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>OpenAI's <c>POST /v1/responses</c>, both sides, and the response object that <c>GET</c> and <c>cancel</c> answer with.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/responses</remarks>
public sealed class OpenAIResponsesDialect
    : ICallerDialect<Conversation, Reply, ReplyDelta>,
        IProviderDialect<Conversation, Reply, ReplyDelta>
{
    /// <summary>Also the dialect of the <see cref="ForeignBlock"/>s made of unknown content parts.</summary>
    internal const string DialectName = "openai-responses";

    /// <summary>The dialect of the <see cref="ForeignBlock"/>s made of whole items, which stand beside messages, not within them.</summary>
    internal const string ItemDialect = "openai-responses.item";

    private OpenAIResponsesDialect() { }

    public static OpenAIResponsesDialect Instance { get; } = new();

    public string Name => DialectName;

    public bool TryReadUsage(ReadOnlySpan<byte> payload, out Usage usage) => OpenAIUsage.TryRead(payload, out usage);

    public long CountText(ReadOnlySpan<byte> payload) => OpenAIText.CountIn(payload);

    public long CopyText(ReadOnlySpan<byte> payload, ITextSink text) => OpenAIText.CountIn(payload, text);

    public void WriteFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteBody(fault, output);

    public void WriteStreamFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteResponsesEvent(fault, 0, output);

    public Outcome<Conversation> ReadRequest(RequestBytes body) => ResponsesRequestReader.Read(body.Body);

    public void WriteReply(Reply reply, Conversation? asked, IBufferWriter<byte> output) =>
        ResponsesReplyWriter.Write(reply, asked, output);

    public IDeltaWriter<ReplyDelta> OpenWriter(Conversation? asked) => new ResponsesDeltaWriter(asked);

    public IReadOnlyList<string> WriteRequest(Conversation request, string model, IBufferWriter<byte> output) =>
        ResponsesRequestWriter.Write(request, model, output);

    public Outcome<Reply> ReadReply(ReadOnlyMemory<byte> body, string model) => ResponsesReplyReader.Read(body.Span, model);

    public IDeltaReader<ReplyDelta> OpenReader(string model) => new ResponsesDeltaReader(model);
}
