using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Lists the videos that this gateway had made, with fresh news of those that are not over.</summary>
internal sealed class VideoListCarrier(ReplicateRuntime runtime, VideoJobs jobs) : ICarrier
{
    private const int AskedAtOnce = 8;
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    public async ValueTask<Outcome<Answer>> CarryAsync(Exchange exchange, Target target, CancellationToken cancel)
    {
        if (VideoQuery.Read(exchange.Http.Request.Query).Failed(out var fault, out var page))
        {
            return fault;
        }

        var accounts = VideoAccess.AccountsOf(exchange, target.Provider);
        if (jobs.List(accounts.Keys.ToHashSet(StringComparer.Ordinal), page) is not var (records, hasMore))
        {
            return Fault.Invalid("`after` names no video of this list.", "after", "invalid_value");
        }

        var shown = new VideoJob[records.Count];
        await Parallel.ForAsync(
            0,
            shown.Length,
            new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancel },
            async (i, stop) => shown[i] = await NewsOfAsync(records[i], target.Provider, accounts[records[i].Account], stop)
        );
        return WrittenAnswer.Of<object, VideoPage>(new VideoPage(shown, hasMore), null);
    }

    /// <summary>What was seen last stands when there is no news to be had.</summary>
    private async Task<VideoJob> NewsOfAsync(VideoRecord record, ProviderModel provider, KeyModel key, CancellationToken cancel)
    {
        var now = runtime.Clock.GetUtcNow();
        if (record.IsOver || now - record.SeenAt < Fresh)
        {
            return record.Job;
        }

        return
            !(await runtime.ClientOf(provider, key).GetAsync(record.UpstreamId, cancel)).Failed(out _, out var prediction)
            && jobs.Observe(provider.Id, key, prediction, now) is var (_, after)
            ? after.Job
            : record.Job;
    }
}
