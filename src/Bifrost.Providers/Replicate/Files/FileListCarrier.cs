using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Files;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Lists the files of an account. A page's cursor names the account it belongs to, whichever key this call would have used.</summary>
internal sealed class FileListCarrier(ReplicateRuntime runtime) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (FileQuery.Read(exchange.Http.Request.Query).Failed(out var fault, out var query))
        {
            return fault;
        }

        var key = target.Key;
        FileCursor? from = null;
        if (query.After is { } after && FileCursor.Is(after))
        {
            if (FileCursor.Open(after, exchange.World, exchange.DirectKey) is not { } opened)
            {
                return Fault.Invalid(
                    "`after` is not a page of this list: it was changed on the way, or its key is no longer configured.",
                    "after",
                    "invalid_value"
                );
            }

            (from, key) = opened;
        }

        var walk = new FileWalk(runtime.ClientOf(target.Provider, key), query);
        return (await walk.RunAsync(from, cancel)).Failed(out fault, out var page) ? fault : WrittenAnswer.Of<object, FilePage>(page, null);
    }
}
