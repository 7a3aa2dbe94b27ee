using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

internal sealed class VideoGetCarrier(VideoAccess access) : ICarrier
{
    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel) =>
        (await access.LookAsync(exchange, cancel)).Failed(out var fault, out var now)
            ? fault
            : WrittenAnswer.Of<object, VideoJob>(now.Job, null);
}
