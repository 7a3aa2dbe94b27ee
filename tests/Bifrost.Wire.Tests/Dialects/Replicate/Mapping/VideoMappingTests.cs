using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Mapping;

public class VideoMappingTests
{
    private const string Frame = "https://x.test/first.png";

    [Fact]
    public void Case_49_a_picture_that_is_needed_in_practice_is_named()
    {
        var fault = Asked.Bad(Asked.Video("runwayml/gen4-turbo", Asked.Film));
        Assert.Equal((400, "image"), (fault.Status, fault.Param));
    }

    [Fact]
    public void Case_49_seconds_become_the_next_longer_duration_as_a_number()
    {
        var mapped = Asked.Video("runwayml/gen4-turbo", Asked.FilmOf(Frame) with { Seconds = 8 });
        Assert.Equal("10", Asked.Input(mapped)["duration"]!.ToJsonString());
        Assert.Equal(10, Asked.Good(mapped).Effective.VideoSeconds);
        Assert.True(Asked.Noted(mapped, "seconds", NoteKind.Changed));
    }

    [Fact]
    public void Case_50_sora_takes_a_direction_and_seconds()
    {
        var input = Asked.Input(Asked.Video("openai/sora-2", Asked.Film with { Size = "1280x720", Seconds = 4 }, Asked.Strict));
        Assert.Equal(("landscape", "4"), ((string?)input["aspect_ratio"], input["seconds"]!.ToJsonString()));
        Assert.False(input.ContainsKey("size"));
    }

    [Theory]
    [InlineData("1024x1792", "portrait", "high")]
    [InlineData("1280x720", "landscape", null)]
    public void Case_50_sora_pro_takes_a_tier_too(string size, string direction, string? tier)
    {
        var input = Asked.Input(Asked.Video("openai/sora-2-pro", Asked.Film with { Size = size }, Asked.Strict));
        Assert.Equal((direction, tier), ((string?)input["aspect_ratio"], (string?)input["resolution"]));
    }

    [Theory]
    [InlineData("minimax/video-01", "first_frame_image")]
    [InlineData("kwaivgi/kling-v2.1", "start_image")]
    [InlineData("openai/sora-2", "input_reference")]
    [InlineData("google/veo-3", "image")]
    [InlineData("luma/ray", "start_image_url")]
    public void Case_51_the_reference_goes_by_the_models_name_for_it(string model, string name) =>
        Assert.Equal(Frame, (string?)Asked.Input(Asked.Video(model, Asked.FilmOf(Frame)))[name]);

    [Fact]
    public void Kling_needs_its_start_image() =>
        Assert.Equal("start_image", Asked.Bad(Asked.Video("kwaivgi/kling-v2.1", Asked.Film)).Param);

    [Fact]
    public void A_reference_for_a_model_of_text_only_is_refused() =>
        Assert.Equal("input_reference", Asked.Bad(Asked.Video("wan-video/wan-2.2-t2v-fast", Asked.FilmOf(Frame))).Param);

    [Theory]
    [InlineData("720x1280", "9:16", null)]
    [InlineData("1920x1080", "16:9", "1080p")]
    public void Sizes_are_ratios_and_tiers(string size, string ratio, string? tier)
    {
        var mapped = Asked.Video("google/veo-3", Asked.Film with { Size = size }, Asked.Strict);
        Assert.Equal((ratio, tier), ((string?)Asked.Input(mapped)["aspect_ratio"], (string?)Asked.Input(mapped)["resolution"]));
        Assert.Equal(tier ?? "720p", Asked.Good(mapped).Effective.Resolution);
    }

    [Fact]
    public void Frames_are_counted_with_the_first_extra()
    {
        var mapped = Asked.Video("wan-video/wan-2.2-t2v-fast", Asked.Film with { Seconds = 6 });
        Assert.Equal(97, (int?)Asked.Input(mapped)["num_frames"]);
        Assert.Equal(6, Asked.Good(mapped).Effective.VideoSeconds);
    }

    [Fact]
    public void Frames_out_of_range_are_fewer_and_the_real_length_is_told()
    {
        var mapped = Asked.Video("wan-video/wan-2.2-t2v-fast", Asked.Film with { Seconds = 12 });
        Assert.Equal(121, (int?)Asked.Input(mapped)["num_frames"]);
        Assert.Equal(7.5, Asked.Good(mapped).Effective.VideoSeconds);
        Assert.True(Asked.Noted(mapped, "seconds", NoteKind.Changed));
    }

    [Fact]
    public void The_callers_own_frame_rate_counts()
    {
        var mapped = Asked.Video("wan-video/wan-2.2-t2v-fast", Asked.Film with { Seconds = 4, Extensions = Asked.Extra("""{"fps":24}""") });
        Assert.Equal((97, 24), ((int?)Asked.Input(mapped)["num_frames"], (int?)Asked.Input(mapped)["frames_per_second"]));
    }

    [Fact]
    public void A_fixed_length_is_reported_and_any_other_wish_dropped()
    {
        var mapped = Asked.Video("minimax/video-01", Asked.Film with { Seconds = 10 });
        Assert.Equal(6, Asked.Good(mapped).Effective.VideoSeconds);
        Assert.True(Asked.Noted(mapped, "seconds", NoteKind.Dropped));
    }

    [Fact]
    public void Without_a_wish_the_models_own_length_is_reported() =>
        Assert.Equal(8, Asked.Good(Asked.Video("google/veo-3", Asked.Film)).Effective.VideoSeconds);

    [Fact]
    public void Sound_and_last_frames_go_by_the_models_names()
    {
        var film = Asked.FilmOf(Frame) with { Audio = false, Extensions = Asked.Extra("""{"last_frame":"https://x.test/last.png"}""") };
        Assert.False((bool?)Asked.Input(Asked.Video("google/veo-3", film with { Extensions = new([]) }))["generate_audio"]);
        Assert.Equal(
            "https://x.test/last.png",
            (string?)Asked.Input(Asked.Video("kwaivgi/kling-v2.1", film with { Audio = null }))["end_image"]
        );
    }

    [Fact]
    public void Work_on_a_video_is_not_offered_by_models_without_an_input_for_it() =>
        Assert.Equal(501, Asked.Bad(Asked.Video("google/veo-3", Asked.Film with { VideoUri = "https://x.test/v.mp4" })).Status);

    [Theory]
    [InlineData("deepseek-ai/deepseek-r1")]
    [InlineData("black-forest-labs/flux-schnell")]
    public void A_model_that_writes_or_draws_makes_no_videos(string model) =>
        Assert.Equal(FaultKind.UnsupportedOperation, Asked.Bad(Asked.Video(model, Asked.Film)).Kind);
}
