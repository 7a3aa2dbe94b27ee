using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.OpenAIImages;

/// <summary>OpenAI's <c>POST /v1/images/generations</c>: JSON in, JSON or a stream of named events out.</summary>
public sealed class OpenAIImagesDialect : ICallerDialect<ImageRequest, ImageReply, ImageDelta>
{
    public static readonly OpenAIImagesDialect Instance = new();

    private OpenAIImagesDialect() { }

    public string Name => "openai-images";

    public Outcome<ImageRequest> ReadRequest(RequestBytes body) => ImageRequestReader.ReadGeneration(body);

    public void WriteReply(ImageReply reply, ImageRequest? asked, IBufferWriter<byte> output) => ImageReplyWriter.Write(reply, output);

    public IDeltaWriter<ImageDelta> OpenWriter(ImageRequest? asked) => new ImageDeltaWriter("image_generation", asked);

    public bool TryReadUsage(ReadOnlySpan<byte> payload, out Usage usage) => ImageUsage.TryRead(payload, out usage);

    public void WriteFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteBody(fault, output);

    public void WriteStreamFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteErrorEvent(fault, output);
}
