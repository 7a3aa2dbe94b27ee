using System.Buffers;

namespace Bifrost.Core.Deliver;

/// <summary>Counts into <see cref="Exchange.ResponseBytes"/> what is written by those who do not say how much.</summary>
internal sealed class CountedWriter(Exchange exchange, IBufferWriter<byte> to) : IBufferWriter<byte>
{
    public void Advance(int count)
    {
        exchange.ResponseBytes += count;
        to.Advance(count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => to.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => to.GetSpan(sizeHint);
}
