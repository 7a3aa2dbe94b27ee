using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Mapping;

public class ImageMappingTests
{
    private static readonly MappingOptions WithKey = new() { Secrets = new Dictionary<string, string> { ["openai_api_key"] = "sk-ours" } };

    [Fact]
    public void Case_39_flux_counts_by_itself_and_takes_a_ratio()
    {
        var mapped = Asked.Good(Asked.Image("black-forest-labs/flux-schnell", Asked.Picture with { Count = 3, Size = "1024x1024" }));
        var input = Asked.Input(mapped);
        Assert.Equal((3, "1:1"), ((int?)input["num_outputs"], (string?)input["aspect_ratio"]));
        Assert.Equal(3, Assert.Single(mapped.Runs).Count);
    }

    [Fact]
    public void Case_40_a_model_without_a_count_runs_as_often_as_needed()
    {
        var mapped = Asked.Good(Asked.Image("black-forest-labs/flux-1.1-pro", Asked.Picture with { Count = 2 }));
        Assert.Equal([1, 1], mapped.Runs.Select(run => run.Count));
        Assert.NotEqual((int?)Asked.Input(mapped, 0)["seed"], (int?)Asked.Input(mapped, 1)["seed"]);
        Assert.Equal(OutputKind.File, mapped.Output);
    }

    [Fact]
    public void More_pictures_than_one_run_makes_are_shared_among_runs()
    {
        var mapped = Asked.Good(Asked.Image("black-forest-labs/flux-schnell", Asked.Picture with { Count = 6 }));
        Assert.Equal([4, 2], mapped.Runs.Select(run => run.Count));
        Assert.Equal((4, 2), ((int?)Asked.Input(mapped, 0)["num_outputs"], (int?)Asked.Input(mapped, 1)["num_outputs"]));
    }

    [Fact]
    public void Seedream_makes_several_only_when_told_twice()
    {
        var input = Asked.Input(Asked.Image("bytedance/seedream-4", Asked.Picture with { Count = 2 }));
        Assert.Equal((2, "auto"), ((int?)input["max_images"], (string?)input["sequential_image_generation"]));
    }

    [Fact]
    public void Case_41_sdxl_takes_width_and_height()
    {
        var input = Asked.Input(Asked.Image("stability-ai/sdxl", Asked.Picture with { Size = "1024x768" }));
        Assert.Equal((1024, 768), ((int?)input["width"], (int?)input["height"]));
        Assert.False(input.ContainsKey("aspect_ratio"));
    }

    [Fact]
    public void Case_42_a_ratio_that_is_not_offered_becomes_the_nearest_with_a_warning()
    {
        var wide = Asked.Picture with { Size = "1536x1024" };
        var mapped = Asked.Image("google/imagen-4", wide);
        Assert.Equal("4:3", (string?)Asked.Input(mapped)["aspect_ratio"]);
        Assert.True(Asked.Noted(mapped, "size", NoteKind.Changed));
        Assert.Equal(
            (400, "size"),
            (
                Asked.Bad(Asked.Image("google/imagen-4", wide, Asked.Strict)).Status,
                Asked.Bad(Asked.Image("google/imagen-4", wide, Asked.Strict)).Param
            )
        );
    }

    [Fact]
    public void Case_43_a_listed_size_passes_as_it_is()
    {
        var input = Asked.Input(Asked.Image("recraft-ai/recraft-v3", Asked.Picture with { Size = "1536x1024" }));
        Assert.Equal("1536x1024", (string?)input["size"]);
        Assert.False(input.ContainsKey("aspect_ratio"));
    }

    [Fact]
    public void Case_43_ideogram_gets_a_resolution_only_if_it_is_listed()
    {
        Assert.Equal(
            "1344x768",
            (string?)Asked.Input(Asked.Image("ideogram-ai/ideogram-v3-turbo", Asked.Picture with { Size = "1344x768" }))["resolution"]
        );
        var other = Asked.Input(Asked.Image("ideogram-ai/ideogram-v3-turbo", Asked.Picture with { Size = "1536x1024" }));
        Assert.False(other.ContainsKey("resolution"));
        Assert.Equal("3:2", (string?)other["aspect_ratio"]);
    }

    [Theory]
    [InlineData("1024x1024", "1:1")]
    [InlineData("1536x1024", "3:2")]
    [InlineData("1024x1536", "2:3")]
    [InlineData("1792x1024", "16:9")]
    [InlineData("1024x1792", "9:16")]
    public void The_sizes_of_OpenAI_are_ratios_without_a_warning(string size, string ratio)
    {
        var mapped = Asked.Image("black-forest-labs/flux-schnell", Asked.Picture with { Size = size }, Asked.Strict);
        Assert.Equal(ratio, (string?)Asked.Input(mapped)["aspect_ratio"]);
        Assert.Equal(ratio, Asked.Good(mapped).Effective.AspectRatio);
    }

    [Fact]
    public void A_custom_ratio_lets_pixels_count()
    {
        var input = Asked.Input(Asked.Image("black-forest-labs/flux-1.1-pro", Asked.Picture with { Size = "1000x704" }));
        Assert.Equal(("custom", 1000, 704), ((string?)input["aspect_ratio"], (int?)input["width"], (int?)input["height"]));
    }

    [Fact]
    public void Pixels_out_of_range_shrink_together_with_a_warning()
    {
        var mapped = Asked.Image("black-forest-labs/flux-1.1-pro", Asked.Picture with { Size = "2880x1440" });
        Assert.Equal((1440, 720), ((int?)Asked.Input(mapped)["width"], (int?)Asked.Input(mapped)["height"]));
        Assert.True(Asked.Noted(mapped, "size", NoteKind.Changed));
        Assert.Equal("1440x720", Asked.Good(mapped).Effective.Size);
    }

    [Fact]
    public void Pixels_out_of_range_become_their_ratio_where_it_is_offered()
    {
        var mapped = Asked.Image("black-forest-labs/flux-1.1-pro", Asked.Picture with { Size = "1536x1024" }, Asked.Strict);
        Assert.Equal("3:2", (string?)Asked.Input(mapped)["aspect_ratio"]);
        Assert.False(Asked.Input(mapped).ContainsKey("width"));
    }

    [Fact]
    public void The_smallest_sufficient_resolution_is_chosen()
    {
        var small = Asked.Input(Asked.Image("google/nano-banana-pro", Asked.Picture with { Size = "1024x1024" }));
        Assert.Equal(("1:1", "1K"), ((string?)small["aspect_ratio"], (string?)small["resolution"]));
        var large = Asked.Input(Asked.Image("google/nano-banana-pro", Asked.Picture with { Size = "4096x4096" }));
        Assert.Equal("4K", (string?)large["resolution"]);
    }

    [Fact]
    public void Auto_says_nothing() =>
        Assert.False(
            Asked.Input(Asked.Image("black-forest-labs/flux-schnell", Asked.Picture with { Size = "auto" })).ContainsKey("aspect_ratio")
        );

    [Fact]
    public void Case_44_gpt_image_counts_and_knows_backgrounds_and_its_key_is_ours()
    {
        var asked = Asked.Picture with
        {
            Count = 2,
            Background = "transparent",
            Extensions = Asked.Extra("""{"openai_api_key":"sk-theirs"}"""),
        };
        var mapped = Asked.Image("openai/gpt-image-1", asked, WithKey);
        var input = Asked.Input(mapped);
        Assert.Equal(
            (2, "transparent", "sk-ours"),
            ((int?)input["number_of_images"], (string?)input["background"], (string?)input["openai_api_key"])
        );
        Assert.True(Asked.Noted(mapped, "openai_api_key", NoteKind.Dropped));
    }

    [Fact]
    public void Case_44_a_secret_that_is_not_configured_is_the_gateways_fault()
    {
        var fault = Asked.Bad(
            Asked.Image("openai/gpt-image-1", Asked.Picture with { Extensions = Asked.Extra("""{"openai_api_key":"sk-theirs"}""") })
        );
        Assert.Equal(FaultKind.UpstreamCredential, fault.Kind);
        Assert.DoesNotContain("sk-theirs", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Case_45_jpeg_is_spelled_as_the_model_does()
    {
        var mapped = Asked.Image("black-forest-labs/flux-schnell", Asked.Picture with { OutputFormat = "jpeg" });
        Assert.Equal("jpg", (string?)Asked.Input(mapped)["output_format"]);
        Assert.Equal("jpeg", Asked.Good(mapped).Effective.OutputFormat);
        Assert.Equal(
            "jpeg",
            (string?)Asked.Input(Asked.Image("openai/gpt-image-1", Asked.Picture with { OutputFormat = "jpeg" }, WithKey))["output_format"]
        );
    }

    [Fact]
    public void Compression_goes_by_either_name()
    {
        Assert.Equal(
            50,
            (int?)
                Asked.Input(Asked.Image("black-forest-labs/flux-schnell", Asked.Picture with { OutputCompression = 50 }))["output_quality"]
        );
        Assert.Equal(
            50,
            (int?)
                Asked.Input(Asked.Image("openai/gpt-image-1", Asked.Picture with { OutputCompression = 50 }, WithKey))["output_compression"]
        );
    }

    [Theory]
    [InlineData("hd", "high")]
    [InlineData("standard", "medium")]
    [InlineData("low", "low")]
    public void Quality_words_of_any_age_are_understood(string asked, string sent) =>
        Assert.Equal(
            sent,
            (string?)Asked.Input(Asked.Image("openai/gpt-image-1", Asked.Picture with { Quality = asked }, WithKey))["quality"]
        );

    [Fact]
    public void Case_47_kontext_edits_its_input_image()
    {
        var input = Asked.Input(Asked.Image("black-forest-labs/flux-kontext-pro", Asked.Edit(1)));
        Assert.Equal("https://x.test/1.png", (string?)input["input_image"]);
        Assert.Equal("match_input_image", (string?)input["aspect_ratio"]);
    }

    [Fact]
    public void Case_47_nano_banana_takes_two_pictures() =>
        Assert.Equal(
            """["https://x.test/1.png","https://x.test/2.png"]""",
            Asked.Input(Asked.Image("google/nano-banana", Asked.Edit(2)))["image_input"]!.ToJsonString()
        );

    [Theory]
    [InlineData("black-forest-labs/flux-fill-pro", MaskPolarity.WhiteRepaints)]
    [InlineData("stability-ai/sdxl", MaskPolarity.WhiteRepaints)]
    [InlineData("ideogram-ai/ideogram-v3-turbo", MaskPolarity.BlackRepaints)]
    public void Case_47_each_model_reads_masks_its_own_way(string model, MaskPolarity polarity)
    {
        var mapped = Asked.Good(Asked.Image(model, Asked.Edit(1, mask: true)));
        Assert.Equal(polarity, mapped.Slots.Single(slot => slot.Input == "mask").Mask);
        Assert.Equal("https://x.test/1.png", (string?)Asked.Input(mapped)["image"]);
    }

    [Theory]
    [InlineData("Black areas will be preserved, white areas will be inpainted.", MaskPolarity.WhiteRepaints)]
    [InlineData("Black pixels are inpainted and white pixels are preserved", MaskPolarity.BlackRepaints)]
    [InlineData("A black and white image. White parts are edited", MaskPolarity.WhiteRepaints)]
    [InlineData("White areas remain unchanged while black ones are replaced", MaskPolarity.BlackRepaints)]
    [InlineData("White areas will not be edited", MaskPolarity.BlackRepaints)]
    [InlineData("A black and white mask for inpainting", null)]
    [InlineData("", null)]
    public void The_authors_words_tell_which_colour_is_repainted(string description, MaskPolarity? polarity) =>
        Assert.Equal(polarity, MaskReading.Polarity(description));

    [Fact]
    public void Case_47_a_mask_that_the_model_cannot_take_is_refused() =>
        Assert.Equal((400, "mask"), (Asked.Bad(Asked.Image("google/nano-banana", Asked.Edit(1, mask: true))).Status, "mask"));

    [Fact]
    public void A_model_that_takes_no_picture_cannot_edit()
    {
        var fault = Asked.Bad(Asked.Image("google/imagen-4", Asked.Edit(1)));
        Assert.Equal((400, "model_not_supported_for_edit"), (fault.Status, fault.Code));
    }

    [Fact]
    public void Numbered_inputs_take_one_picture_each()
    {
        const string uri = """{"type":"string","format":"uri"}""";
        var schema = Schemas.With("{\"prompt\":{\"type\":\"string\"},\"input_image\":" + uri + ",\"input_image_2\":" + uri + "}");
        var mapped = ImageMapping.Map(Asked.Edit(3), schema, Asked.Model("a/b"), MappingOptions.Standard);
        var input = Asked.Input(mapped);
        Assert.Equal(("https://x.test/1.png", "https://x.test/2.png"), ((string?)input["input_image"], (string?)input["input_image_2"]));
        Assert.True(Asked.Noted(mapped, "image", NoteKind.Dropped));
    }

    [Fact]
    public void A_picture_that_only_inspires_is_sent_with_a_warning() =>
        Assert.True(Asked.Noted(Asked.Image("black-forest-labs/flux-1.1-pro", Asked.Edit(1)), "image", NoteKind.Changed));

    [Fact]
    public void Nothing_is_said_about_defaults_that_the_model_lacks()
    {
        var asked = Asked.Picture with { Quality = "auto", Background = "auto", Moderation = "auto", User = "u" };
        Assert.Empty(Asked.Good(Asked.Image("black-forest-labs/flux-schnell", asked, Asked.Strict)).Warnings);
    }

    [Fact]
    public void Wishes_that_the_model_lacks_are_each_named()
    {
        var asked = Asked.Picture with
        {
            Quality = "hd",
            Background = "transparent",
            Style = "vivid",
            NegativePrompt = "dogs",
            InputFidelity = "high",
        };
        var mapped = Asked.Good(Asked.Image("black-forest-labs/flux-schnell", asked));
        Assert.Equal(
            ["quality", "background", "style", "input_fidelity", "negative_prompt"],
            mapped.Warnings.Select(note => note.Parameter)
        );
    }

    [Theory]
    [InlineData("meta/meta-llama-3-8b-instruct")]
    [InlineData("openai/gpt-4o")]
    [InlineData("openai/gpt-5-structured")]
    [InlineData("google/veo-3")]
    public void A_model_that_writes_or_films_makes_no_pictures(string model) =>
        Assert.Equal(FaultKind.UnsupportedOperation, Asked.Bad(Asked.Image(model, Asked.Picture)).Kind);

    [Fact]
    public void A_seed_beyond_the_models_range_wraps_around()
    {
        var mapped = Asked.Image("ideogram-ai/ideogram-v3-turbo", Asked.Picture with { Seed = 2147483648 + 5 });
        Assert.Equal(5, (long?)Asked.Input(mapped)["seed"]);
        Assert.True(Asked.Noted(mapped, "seed", NoteKind.Changed));
    }
}
