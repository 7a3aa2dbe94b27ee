using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Mapping;

public class PassthroughTests
{
    private const string Flux = "black-forest-labs/flux-schnell";

    [Fact]
    public void A_field_that_the_model_knows_is_passed_on() => Assert.False((bool?)Asked.Input(With("""{"go_fast":false}"""))["go_fast"]);

    [Fact]
    public void A_field_that_nobody_knows_is_dropped_or_refused()
    {
        Assert.True(Asked.Noted(With("""{"gofast":false}"""), "gofast", NoteKind.Dropped));
        Assert.Equal("gofast", Asked.Bad(With("""{"gofast":false}""", Asked.Strict)).Param);
    }

    [Theory]
    [InlineData("""{"replicate":{"input":{"aspect_ratio":"21:9"}}}""")]
    [InlineData("""{"extra_body":{"replicate":{"input":{"aspect_ratio":"21:9"}}}}""")]
    [InlineData("""{"aspect_ratio":"16:9","extra_body":{"replicate":{"input":{"aspect_ratio":"21:9"}}}}""")]
    public void Explicit_input_wins_over_everything(string extensions)
    {
        var image = Asked.Picture with { Size = "1024x1024", Extensions = Asked.Extra(extensions) };
        Assert.Equal("21:9", (string?)Asked.Input(Asked.Image(Flux, image))["aspect_ratio"]);
    }

    [Fact]
    public void Explicit_null_takes_a_mapped_input_back()
    {
        var image = Asked.Picture with
        {
            Size = "1024x1024",
            Extensions = Asked.Extra("""{"replicate":{"input":{"aspect_ratio":null}}}"""),
        };
        Assert.False(Asked.Input(Asked.Image(Flux, image)).ContainsKey("aspect_ratio"));
    }

    [Fact]
    public void Unknown_explicit_input_is_dropped_with_its_path() =>
        Assert.True(Asked.Noted(With("""{"replicate":{"input":{"nope":1}}}"""), "replicate.input.nope", NoteKind.Dropped));

    [Theory]
    [InlineData("""{"webhook":"https://evil.test"}""", "webhook")]
    [InlineData("""{"webhook_events_filter":["start"]}""", "webhook_events_filter")]
    [InlineData("""{"replicate":{"input":{"webhook":"https://evil.test"}}}""", "replicate.input.webhook")]
    [InlineData("""{"replicate":{"webhook":"https://evil.test"}}""", "replicate.webhook")]
    public void Webhooks_never_come_from_callers(string extensions, string param)
    {
        var mapped = With(extensions);
        Assert.True(Asked.Noted(mapped, param, NoteKind.Dropped));
        Assert.False(Asked.Body(Asked.Good(mapped)).ContainsKey("webhook"));
        Assert.False(Asked.Input(mapped).ContainsKey("webhook"));
    }

    [Fact]
    public void Webhooks_do_not_pass_either_when_the_schema_is_unknown()
    {
        var image = Asked.Picture with { Extensions = Asked.Extra("""{"webhook":"https://evil.test"}""") };
        Assert.False(Asked.Input(Asked.Image("nobody/nothing", image)).ContainsKey("webhook"));
    }

    [Fact]
    public void A_number_in_quotes_becomes_a_number_where_the_model_wants_one() =>
        Assert.Equal("4", Asked.Input(With("""{"num_inference_steps":"4"}"""))["num_inference_steps"]!.ToJsonString());

    [Theory]
    [InlineData("""{"num_inference_steps":5}""", "num_inference_steps")]
    [InlineData("""{"num_inference_steps":2.5}""", "num_inference_steps")]
    [InlineData("""{"num_inference_steps":"many"}""", "num_inference_steps")]
    [InlineData("""{"go_fast":"perhaps"}""", "go_fast")]
    [InlineData("""{"megapixels":"9"}""", "megapixels")]
    [InlineData("""{"replicate":{"input":{"output_quality":101}}}""", "replicate.input.output_quality")]
    public void What_the_model_would_refuse_is_refused_before_it_costs(string extensions, string param)
    {
        var fault = Asked.Bad(With(extensions));
        Assert.Equal((FaultKind.InvalidRequest, param), (fault.Kind, fault.Param));
    }

    [Fact]
    public void A_required_input_that_nothing_gives_is_named()
    {
        var fault = Asked.Bad(Asked.Image("qwen/qwen-image-edit", Asked.Picture));
        Assert.Equal("image", fault.Param);
        Assert.Contains("image", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_schema_lets_everything_pass_with_a_warning()
    {
        var image = Asked.Picture with { Seed = 7, Extensions = Asked.Extra("""{"anything":{"a":1}}""") };
        var mapped = Asked.Image("nobody/nothing", image);
        var input = Asked.Input(mapped);
        Assert.Equal(("a cat", 7, """{"a":1}"""), ((string?)input["prompt"], (int?)input["seed"], input["anything"]!.ToJsonString()));
        Assert.True(Asked.Noted(mapped, "model", NoteKind.Moved));
    }

    [Fact]
    public void An_unknown_schema_of_a_seed_model_is_replaced_by_our_copy()
    {
        var mapped = ChatMapping.Map(Asked.SystemAndUser, null, Asked.Model("meta/meta-llama-3-8b-instruct"), MappingOptions.Standard);
        Assert.True(Asked.Input(mapped).ContainsKey("prompt_template"));
        Assert.True(Asked.Noted(mapped, "model", NoteKind.Moved));
    }

    [Fact]
    public void Other_names_for_the_same_input_find_it()
    {
        var image = Asked.Picture with { Steps = 20, Extensions = Asked.Extra("""{"guidance":4}""") };
        Assert.Equal(4, (int?)Asked.Input(Asked.Image("stability-ai/stable-diffusion-3.5-large", image with { Steps = null }))["cfg"]);
        Assert.Equal(
            20,
            (int?)Asked.Input(Asked.Image("black-forest-labs/flux-fill-pro", image with { Sources = Asked.Edit(1).Sources }))["steps"]
        );
    }

    [Fact]
    public void The_version_stands_beside_the_input_only_when_given()
    {
        var mapped = Asked.Good(Asked.Image(Flux, Asked.Picture));
        Assert.False(Asked.Body(mapped).ContainsKey("version"));
        Assert.Equal("v1", (string?)Asked.Body(mapped, version: "v1")["version"]);
    }

    [Fact]
    public void Configured_rules_go_before_ours()
    {
        using var rules = JsonDocument.Parse("""{"models":[{"model":"deepseek-ai/*","prompt":"raw","thinks_first":false}]}""");
        var overrides = Overrides.BuiltIn.With(rules.RootElement);
        Assert.Equal(PromptStyle.Raw, overrides.For(Asked.Model("deepseek-ai/deepseek-r1")).Prompt);
        Assert.False(overrides.For(Asked.Model("deepseek-ai/deepseek-r1")).ThinksFirst);
        Assert.Equal(PromptStyle.Llama3, overrides.For(Asked.Model("meta/meta-llama-3-8b-instruct")).Prompt);
    }

    [Fact]
    public void Whatever_is_passed_on_the_mapping_never_throws()
    {
        string[] samples =
        [
            """{"num_inference_steps":"4","go_fast":true,"replicate":{"input":{"aspect_ratio":"21:9","image":"https://x.test/1.png","x":[1,{"a":"b"}]}}}""",
            """{"extra_body":{"replicate":{"input":{"seed":1e3,"width":64,"mask":null}},"webhook":"x"},"guidance":4.5,"scheduler":"DDIM"}""",
        ];
        Fuzz.Run(
            samples,
            bytes =>
            {
                Extensions extensions;
                try
                {
                    extensions = new Fields(JsonDocument.Parse(bytes).RootElement).Rest();
                }
                catch (Exception broken) when (broken is JsonException or InvalidOperationException)
                {
                    return;
                }

                foreach (var model in (string[])[Flux, "stability-ai/sdxl", "nobody/nothing"])
                {
                    var outcome = Asked.Image(model, Asked.Picture with { Extensions = extensions });
                    if (outcome.Value is { } mapped)
                    {
                        Asked.Body(mapped);
                    }
                }
            }
        );
    }

    private static Outcome<MappedInput> With(string extensions, MappingOptions? options = null) =>
        Asked.Image(Flux, Asked.Picture with { Extensions = Asked.Extra(extensions) }, options);
}
