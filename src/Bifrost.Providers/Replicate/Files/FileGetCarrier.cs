using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Files;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Describes a file. Another account's file is not found here; whoever has several keys asks with the next.</summary>
internal sealed class FileGetCarrier(ReplicateRuntime runtime) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (FileIds.Upstream(exchange.PathId ?? "").Failed(out var fault, out var id))
        {
            return fault;
        }

        exchange.UpstreamId = id;
        return (await new FileStorage(runtime.ClientOf(target)).GetAsync(id, cancel)).Failed(out fault, out var file)
            ? fault
            : WrittenAnswer.Of<object, StoredFile>(file.ToStored(), null);
    }
}
