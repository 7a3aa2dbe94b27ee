using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Canonical.Completions;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.OpenAICompletions;

/// <summary>OpenAI's legacy <c>POST /v1/completions</c>, the caller's side. Whoever answers puts the prompt before the text when
/// <see cref="Prompt.Echo"/> asks for it; the writers here do not.</summary>
/// <remarks>https://platform.openai.com/docs/api-reference/completions</remarks>
public sealed class OpenAICompletionsDialect : ICallerDialect<Prompt, Reply, ReplyDelta>
{
    private OpenAICompletionsDialect() { }

    public static OpenAICompletionsDialect Instance { get; } = new();

    public string Name => "openai-completions";

    public bool TryReadUsage(ReadOnlySpan<byte> payload, out Usage usage) => OpenAIUsage.TryRead(payload, out usage);

    public long CountText(ReadOnlySpan<byte> payload) => OpenAIText.CountIn(payload);

    public long CopyText(ReadOnlySpan<byte> payload, ITextSink text) => OpenAIText.CountIn(payload, text);

    public void WriteFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteBody(fault, output);

    public void WriteStreamFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteData(fault, output);

    public Outcome<Prompt> ReadRequest(RequestBytes body) => CompletionRequestReader.Read(body.Body);

    public void WriteReply(Reply reply, Prompt? asked, IBufferWriter<byte> output) => CompletionReplyWriter.Write(reply, output);

    public IDeltaWriter<ReplyDelta> OpenWriter(Prompt? asked) => new CompletionDeltaWriter(asked?.IncludeUsage ?? false);
}
