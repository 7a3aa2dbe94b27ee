using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Files;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Keeps a file at Replicate, where it lives for about a day.</summary>
internal sealed class FileUploadCarrier(ReplicateRuntime runtime) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (exchange.Read<FileUpload>().Failed(out var fault, out var upload))
        {
            return fault;
        }

        if (upload.ExpiresAfterSeconds is not null)
        {
            const string why = "Replicate decides itself how long a file lives; see expires_at in the answer.";
            if (exchange.Strict)
            {
                return Fault.Unsupported(why, "expires_after");
            }

            exchange.Note(new ParameterNote("expires_after", "dropped", why));
        }

        var storage = new FileStorage(runtime.ClientOf(target));
        var outcome = await storage.UploadAsync(upload.Name, upload.ContentType, upload.Bytes, upload.Purpose, cancel);
        if (outcome.Failed(out fault, out var file))
        {
            return fault.Kind == FaultKind.BodyTooLarge ? fault with { Param = "file" } : fault;
        }

        exchange.UpstreamId = file.Id;

        // Replicate echoes the metadata; should it not, the caller's word still stands.
        var stored = file.ToStored() with
        {
            Purpose = file.Purpose ?? upload.Purpose,
        };
        return WrittenAnswer.Of<object, StoredFile>(stored, null);
    }
}
