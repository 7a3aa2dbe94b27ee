using Bifrost.Providers.Replicate;
using Bifrost.Wire.Canonical.Videos;

namespace Bifrost.Providers.Tests.Replicate.Videos;

public sealed class VideoJobsTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_oldest_go_when_there_are_too_many()
    {
        var jobs = new VideoJobs(capacity: 3);
        for (var i = 0; i < 5; i++)
        {
            jobs.Put(Record(i));
        }

        Assert.Equal(3, jobs.Count);
        Assert.False(jobs.TryFind("a", "1", out _));
        Assert.True(jobs.TryFind("a", "2", out _));
    }

    [Fact]
    public void A_deleted_job_still_marks_its_place_in_the_list()
    {
        var jobs = new VideoJobs();
        for (var i = 0; i < 4; i++)
        {
            jobs.Put(Record(i));
        }

        jobs.Put(Record(2) with { Deleted = true });

        var page = jobs.List(new HashSet<string> { "a" }, new PageRequest(After: "video_2"));
        Assert.Equal(["1", "0"], page!.Value.Records.Select(record => record.UpstreamId));
        var all = jobs.List(new HashSet<string> { "a" }, new PageRequest());
        Assert.Equal(["3", "1", "0"], all!.Value.Records.Select(record => record.UpstreamId));
    }

    [Fact]
    public void Other_accounts_are_left_out()
    {
        var jobs = new VideoJobs();
        jobs.Put(Record(0));
        jobs.Put(Record(1) with { Account = "b" });

        Assert.Equal("0", Assert.Single(jobs.List(new HashSet<string> { "a" }, new PageRequest())!.Value.Records).UpstreamId);
        Assert.Null(jobs.List(new HashSet<string> { "a" }, new PageRequest(After: "video_1")));
    }

    private static VideoRecord Record(int number) =>
        new(
            "a",
            $"{number}",
            new VideoJob
            {
                Id = $"video_{number}",
                Model = "m",
                Status = VideoStatus.Queued,
                CreatedAt = Now,
            },
            Now
        );
}
