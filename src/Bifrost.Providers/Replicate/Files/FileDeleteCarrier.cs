using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Files;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

internal sealed class FileDeleteCarrier(ReplicateRuntime runtime) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (FileIds.Upstream(exchange.PathId ?? "").Failed(out var fault, out var id))
        {
            return fault;
        }

        exchange.UpstreamId = id;
        return await new FileStorage(runtime.ClientOf(target)).DeleteAsync(id, cancel) is { } refused
            ? refused
            : WrittenAnswer.Of<object, FileDeleted>(new FileDeleted(FileIds.Ours(id)), null);
    }
}
