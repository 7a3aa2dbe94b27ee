using System.Buffers;
using System.Text.Json;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIVideos;

internal static class VideoWriter
{
    public static void Write(VideoJob job, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        Write(json, job);
    }

    public static void Write(VideoPage page, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        json.WriteStartObject();
        json.WriteString("object"u8, "list"u8);
        json.WriteStartArray("data"u8);
        foreach (var job in page.Jobs)
        {
            Write(json, job);
        }

        json.WriteEndArray();
        json.WriteString("first_id"u8, page.Jobs.Count > 0 ? page.Jobs[0].Id : null);
        json.WriteString("last_id"u8, page.Jobs.Count > 0 ? page.Jobs[^1].Id : null);
        json.WriteBoolean("has_more"u8, page.HasMore);
        json.WriteEndObject();
    }

    public static void Write(VideoDeleted deleted, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        json.WriteStartObject();
        json.WriteString("id"u8, deleted.Id);
        json.WriteString("object"u8, "video.deleted"u8);
        json.WriteBoolean("deleted"u8, true);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, VideoJob job)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, job.Id);
        json.WriteString("object"u8, "video"u8);
        json.WriteString("model"u8, job.Model);
        json.WriteString("status"u8, Word(job.Status));
        json.WriteNumber("progress"u8, job.Progress);
        json.WriteNumber("created_at"u8, job.CreatedAt.ToUnixTimeSeconds());
        json.WriteOrNull("completed_at"u8, job.CompletedAt?.ToUnixTimeSeconds());
        json.WriteOrNull("expires_at"u8, job.ExpiresAt?.ToUnixTimeSeconds());
        json.WriteString("prompt"u8, job.Prompt);
        json.WriteString("seconds"u8, job.Seconds);
        json.WriteString("size"u8, job.Size);
        json.WriteString("remixed_from_video_id"u8, job.RemixedFrom);
        if (job.ErrorCode is null && job.ErrorMessage is null)
        {
            json.WriteNull("error"u8);
        }
        else
        {
            json.WriteStartObject("error"u8);
            json.WriteString("code"u8, job.ErrorCode ?? "failed");
            json.WriteString("message"u8, job.ErrorMessage ?? "The video could not be made.");
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string Word(VideoStatus status) =>
        status switch
        {
            VideoStatus.Queued => "queued",
            VideoStatus.InProgress => "in_progress",
            VideoStatus.Completed => "completed",
            _ => "failed",
        };
}
