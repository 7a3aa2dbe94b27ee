using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Gives a file's bytes back. Replicate does so only to signed addresses, and the signing secret is not to be had from its API.</summary>
internal sealed class FileContentCarrier(ReplicateRuntime runtime) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (FileIds.Upstream(exchange.PathId ?? "").Failed(out var fault, out var id))
        {
            return fault;
        }

        exchange.UpstreamId = id;
        var extras = ReplicateKeyExtras.Of(target.Key);
        if (extras is not { FilesSigningSecret: { } secret, Account: { } account })
        {
            return new Fault(
                FaultKind.NotOffered,
                "Replicate gives file contents only to signed addresses. Set `files_signing_secret` and `account` in this key's "
                    + "`replicate_key_config` to have them signed."
            );
        }

        // Asked first: a file of another account answers 404 here, and the description names the file.
        var storage = new FileStorage(runtime.ClientOf(target));
        if ((await storage.GetAsync(id, cancel)).Failed(out fault, out var file))
        {
            return fault;
        }

        var outcome = await RemoteContent.OpenAsync(
            runtime.Outbound,
            storage.SignedDownload(id, account, secret),
            exchange.Http.Request.Headers.Range,
            cancel
        );
        if (outcome.Failed(out fault, out var content))
        {
            return fault;
        }

        return new ContentAnswer(content.Body, file.ContentType ?? content.ContentType)
        {
            Status = content.Status,
            Length = content.Length,
            ContentRange = content.ContentRange,
            AcceptsRanges = content.AcceptsRanges,
            FileName = file.Name.Length > 0 ? file.Name : null,
            Owner = content.Response,
        };
    }
}
