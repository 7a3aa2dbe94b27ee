using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.OpenAIVideos;

/// <summary>OpenAI's <c>POST /v1/videos/{id}/remix</c>. The id is in the path and not in the body.</summary>
public sealed class OpenAIVideoRemixDialect : IRequestReader<RemixRequest>, IReplyWriter<object, VideoJob>
{
    public static readonly OpenAIVideoRemixDialect Instance = new();

    private OpenAIVideoRemixDialect() { }

    public string Name => "openai-video-remix";

    public Outcome<RemixRequest> ReadRequest(RequestBytes body) => VideoRequestReader.ReadRemix(body);

    public void WriteReply(VideoJob reply, object? asked, IBufferWriter<byte> output) => VideoWriter.Write(reply, output);

    public bool TryReadUsage(ReadOnlySpan<byte> payload, out Usage usage) => VideoUsage.TryRead(payload, out usage);

    public void WriteFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteBody(fault, output);

    public void WriteStreamFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteData(fault, output);
}
