using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.OpenAIChat;

/// <summary>OpenAI's <c>POST /v1/chat/completions</c>, both sides.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/chat</remarks>
public sealed class OpenAIChatDialect : ICallerDialect<Conversation, Reply, ReplyDelta>, IProviderDialect<Conversation, Reply, ReplyDelta>
{
    /// <summary>Also the dialect of the <see cref="ForeignBlock"/>s it makes.</summary>
    internal const string DialectName = "openai-chat";

    private OpenAIChatDialect() { }

    public static OpenAIChatDialect Instance { get; } = new();

    public string Name => DialectName;

    public bool TryReadUsage(ReadOnlySpan<byte> payload, out Usage usage) => OpenAIUsage.TryRead(payload, out usage);

    public long CountText(ReadOnlySpan<byte> payload) => OpenAIText.CountIn(payload);

    public long CopyText(ReadOnlySpan<byte> payload, ITextSink text) => OpenAIText.CountIn(payload, text);

    public void WriteFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteBody(fault, output);

    public void WriteStreamFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteData(fault, output);

    public Outcome<Conversation> ReadRequest(RequestBytes body) => ChatRequestReader.Read(body.Body);

    public void WriteReply(Reply reply, Conversation? asked, IBufferWriter<byte> output) => ChatReplyWriter.Write(reply, output);

    public IDeltaWriter<ReplyDelta> OpenWriter(Conversation? asked) => new ChatDeltaWriter(asked?.IncludeUsage ?? false);

    public IReadOnlyList<string> WriteRequest(Conversation request, string model, IBufferWriter<byte> output) =>
        ChatRequestWriter.Write(request, model, output);

    public Outcome<Reply> ReadReply(ReadOnlyMemory<byte> body, string model) => ChatReplyReader.Read(body.Span, model);

    public IDeltaReader<ReplyDelta> OpenReader(string model) => new ChatDeltaReader(model);
}
