using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.OpenAIVideos;

/// <summary>OpenAI's <c>/v1/videos</c>: a form or JSON in, jobs and lists of jobs out. Answers echo nothing of the request.</summary>
public sealed class OpenAIVideosDialect
    : IRequestReader<VideoRequest>,
        IReplyWriter<object, VideoJob>,
        IReplyWriter<object, VideoPage>,
        IReplyWriter<object, VideoDeleted>
{
    public static readonly OpenAIVideosDialect Instance = new();

    private OpenAIVideosDialect() { }

    public string Name => "openai-videos";

    public Outcome<VideoRequest> ReadRequest(RequestBytes body) => VideoRequestReader.ReadCreate(body);

    public void WriteReply(VideoJob reply, object? asked, IBufferWriter<byte> output) => VideoWriter.Write(reply, output);

    public void WriteReply(VideoPage reply, object? asked, IBufferWriter<byte> output) => VideoWriter.Write(reply, output);

    public void WriteReply(VideoDeleted reply, object? asked, IBufferWriter<byte> output) => VideoWriter.Write(reply, output);

    public bool TryReadUsage(ReadOnlySpan<byte> payload, out Usage usage) => VideoUsage.TryRead(payload, out usage);

    public void WriteFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteBody(fault, output);

    public void WriteStreamFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteData(fault, output);
}
