using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.OpenAIEmbeddings;

/// <summary>OpenAI's <c>POST /v1/embeddings</c>. Served only where the provider speaks it too, so there is nothing to read or write but
/// usage and faults. It never streams.</summary>
public sealed class OpenAIEmbeddingsDialect : IDialect
{
    private OpenAIEmbeddingsDialect() { }

    public static OpenAIEmbeddingsDialect Instance { get; } = new();

    public string Name => "openai-embeddings";

    public bool TryReadUsage(ReadOnlySpan<byte> payload, out Usage usage) => OpenAIUsage.TryRead(payload, out usage);

    public void WriteFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteBody(fault, output);

    public void WriteStreamFault(Fault fault, IBufferWriter<byte> output) => OpenAIFaults.WriteData(fault, output);
}
