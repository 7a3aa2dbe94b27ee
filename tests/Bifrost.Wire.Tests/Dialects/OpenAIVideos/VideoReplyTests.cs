using System.Text;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Dialects.OpenAIVideos;

namespace Bifrost.Wire.Tests.Dialects.OpenAIVideos;

public sealed class VideoReplyTests
{
    private static readonly VideoJob Queued = new()
    {
        Id = "video_1",
        Model = "m",
        Status = VideoStatus.Queued,
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(100),
    };

    private static readonly VideoJob Completed = Queued with
    {
        Id = "video_2",
        Status = VideoStatus.Completed,
        Progress = 100,
        CompletedAt = DateTimeOffset.FromUnixTimeSeconds(200),
        ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(3800),
        Prompt = "p",
        Seconds = "8",
        Size = "1280x720",
        RemixedFrom = "video_0",
    };

    [Fact]
    public void A_new_job_says_null_for_what_is_not_known()
    {
        Assert.Equal(
            """{"id":"video_1","object":"video","model":"m","status":"queued","progress":0,"created_at":100,"completed_at":null,"expires_at":null,"prompt":null,"seconds":null,"size":null,"remixed_from_video_id":null,"error":null}""",
            Written(Queued)
        );
    }

    [Fact]
    public void A_completed_job_says_all()
    {
        Assert.Equal(
            """{"id":"video_2","object":"video","model":"m","status":"completed","progress":100,"created_at":100,"completed_at":200,"expires_at":3800,"prompt":"p","seconds":"8","size":"1280x720","remixed_from_video_id":"video_0","error":null}""",
            Written(Completed)
        );
    }

    [Fact]
    public void A_failed_job_carries_its_error()
    {
        var failed = Queued with { Status = VideoStatus.Failed, ErrorCode = "canceled", ErrorMessage = "It was canceled." };

        Assert.Contains(
            """
            "status":"failed"
            """,
            Written(failed),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            """
            "error":{"code":"canceled","message":"It was canceled."}}
            """,
            Written(failed),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_running_job_is_in_progress()
    {
        Assert.Contains("\"in_progress\"", Written(Queued with { Status = VideoStatus.InProgress }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_names_its_ends()
    {
        var page = Forms.WrittenJson(output =>
            OpenAIVideosDialect.Instance.WriteReply(new VideoPage([Queued, Completed], true), null, output)
        );

        Assert.Equal("list", page.GetProperty("object").GetString());
        Assert.Equal(2, page.GetProperty("data").GetArrayLength());
        Assert.Equal("video_1", page.GetProperty("first_id").GetString());
        Assert.Equal("video_2", page.GetProperty("last_id").GetString());
        Assert.True(page.GetProperty("has_more").GetBoolean());
    }

    [Fact]
    public void An_empty_page_has_no_ends()
    {
        Assert.Equal(
            """{"object":"list","data":[],"first_id":null,"last_id":null,"has_more":false}""",
            Forms.Written(output => OpenAIVideosDialect.Instance.WriteReply(new VideoPage([], false), null, output))
        );
    }

    [Fact]
    public void A_deletion_is_confirmed()
    {
        Assert.Equal(
            """{"id":"video_1","object":"video.deleted","deleted":true}""",
            Forms.Written(output => OpenAIVideosDialect.Instance.WriteReply(new VideoDeleted("video_1"), null, output))
        );
    }

    [Fact]
    public void Usage_is_the_seconds_of_a_completed_job()
    {
        Assert.True(OpenAIVideosDialect.Instance.TryReadUsage(Encoding.UTF8.GetBytes(Written(Completed)), out var usage));
        Assert.Equal(8, usage.VideoSeconds);
        Assert.False(OpenAIVideosDialect.Instance.TryReadUsage(Encoding.UTF8.GetBytes(Written(Queued)), out _));
    }

    private static string Written(VideoJob job) => Forms.Written(output => OpenAIVideoRemixDialect.Instance.WriteReply(job, null, output));
}
