using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.OpenAIAudio;

/// <summary>OpenAI's <c>POST /v1/audio/transcriptions</c>: a form in; JSON, text, subtitles or a stream out.</summary>
public sealed class OpenAITranscriptionDialect : ICallerDialect<TranscriptionRequest, Transcript, TranscriptDelta>
{
    public static readonly OpenAITranscriptionDialect Instance = new();

    private OpenAITranscriptionDialect() { }

    public string Name => "openai-transcription";

    public Outcome<TranscriptionRequest> ReadRequest(RequestBytes body) => TranscriptionReader.Read(body, translates: false);

    public string ReplyContentType(TranscriptionRequest? asked) => TranscriptWriter.ContentTypeOf(asked?.Format ?? TranscriptFormat.Json);

    public void WriteReply(Transcript reply, TranscriptionRequest? asked, IBufferWriter<byte> output) =>
        TranscriptWriter.Write(reply, asked, output);

    public IDeltaWriter<TranscriptDelta> OpenWriter(TranscriptionRequest? asked) => new TranscriptDeltaWriter();

    public bool TryReadUsage(ReadOnlySpan<byte> payload, out Usage usage) => OpenAIUsage.TryRead(payload, out usage);

    public void WriteFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteBody(fault, output);

    public void WriteStreamFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteData(fault, output);
}
