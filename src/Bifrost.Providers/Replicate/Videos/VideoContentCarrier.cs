using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Hands the film over as it comes from where it lies, in ranges if so asked. Nothing of it is kept.</summary>
internal sealed class VideoContentCarrier(ReplicateRuntime runtime, VideoAccess access) : ICarrier
{
    private const string Film = "video/mp4";

    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        string? variant = exchange.Http.Request.Query["variant"];
        if (variant is not (null or "" or "video"))
        {
            return Fault.Invalid(
                "`variant` must be video: Replicate makes neither thumbnails nor sprite sheets.",
                "variant",
                "invalid_value"
            );
        }

        if (
            (await access.LookAsync(exchange, cancel)).Failed(out var fault, out var now)
            || VideoOutput.Of(now.Prediction).Failed(out fault, out var output)
        )
        {
            return fault;
        }

        if (OutputFiles.IsDataUrl(output))
        {
            return OutputFiles.Decode(output).Failed(out fault, out var inline)
                ? fault
                : new ContentAnswer(new MemoryStream(inline.Bytes.ToArray(), writable: false), inline.MediaType ?? Film)
                {
                    Length = inline.Bytes.Length,
                };
        }

        if (!Uri.TryCreate(output, UriKind.Absolute, out var address))
        {
            return new Fault(FaultKind.UpstreamInvalid, "The model's output is no address.");
        }

        var opened = await RemoteContent.OpenAsync(runtime.Outbound, address, exchange.Http.Request.Headers.Range, cancel);
        if (opened.Failed(out fault, out var content))
        {
            return OutputFiles.Blame(fault);
        }

        var unnamed = content.ContentType.StartsWith("application/octet-stream", StringComparison.Ordinal);
        return new ContentAnswer(content.Body, unnamed ? Film : content.ContentType)
        {
            Status = content.Status,
            Length = content.Length,
            ContentRange = content.ContentRange,
            AcceptsRanges = content.AcceptsRanges,
            Owner = content.Response,
        };
    }
}
