using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Mapping;

/// <summary>Every schema we hold a copy of, official and not: each model is either mapped so that its own schema agrees, or refused with a
/// reason that names what is wrong.</summary>
public class EverySchemaTests
{
    public static TheoryData<string> Models => [.. Schemas.All];

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_schema_is_read(string model)
    {
        var schema = Schemas.Of(model);
        Assert.NotEmpty(schema.Inputs);
        Assert.All(schema.Inputs, input => Assert.NotEqual(InputKind.Any, input.Kind));
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Every_model_maps_or_refuses_clearly(string model)
    {
        var (schema, name) = (Schemas.Of(model), Asked.Model(model));
        var options = new MappingOptions { Secrets = new Dictionary<string, string> { ["openai_api_key"] = "k" } };
        Check(schema, ChatMapping.Map(Asked.ThreeTurns, schema, name, options));
        Check(schema, ChatMapping.Map(Asked.Showing("https://x.test/1.png"), schema, name, options));
        Check(schema, ImageMapping.Map(Asked.Picture with { Size = "1536x1024", Count = 2, Seed = 1 }, schema, name, options));
        Check(schema, ImageMapping.Map(Asked.Edit(2), schema, name, options));
        Check(schema, ImageMapping.Map(Asked.Edit(1, mask: true), schema, name, options));
        Check(
            schema,
            VideoMapping.Map(Asked.FilmOf("https://x.test/1.png") with { Seconds = 5, Size = "1280x720" }, schema, name, options)
        );
        Check(schema, TranscriptionMapping.Map(Asked.Sound with { Language = "de" }, schema, name, options));
    }

    [Theory]
    [InlineData("meta/llama-2-70b-chat")]
    [InlineData("nateraw/goliath-120b")]
    [InlineData("tobinsouth/autolaw")]
    public void Models_that_write_can_chat(string model) => Asked.Good(Asked.Chat(model, Asked.ThreeTurns));

    [Theory]
    [InlineData("stability-ai/sdxl")]
    [InlineData("alexgenovese/sdxl-custom-model")]
    [InlineData("catio-apps/controlnet-interior-design")]
    [InlineData("doriandarko/lcm-hiroshinagai")]
    [InlineData("fofr/latent-consistency-model")]
    [InlineData("fofr/sdxl-multi-controlnet-lora")]
    [InlineData("hunterkamerman/sdxl-animewave")]
    [InlineData("konieshadow/fooocus-api")]
    [InlineData("lucataco/realvisxl2-lcm")]
    [InlineData("naklecha/sdxl-mri")]
    [InlineData("qr2ai/ar")]
    [InlineData("workroomprds/sdxl-james")]
    [InlineData("adirik/mvdream")]
    public void Models_that_draw_make_pictures(string model)
    {
        var input = Asked.Input(Asked.Image(model, Asked.Picture with { Size = "1024x1024", Count = 2 }));
        Assert.Equal("a cat", (string?)input["prompt"]);
    }

    [Theory]
    [InlineData("adirik/wonder3d")]
    [InlineData("lucataco/modelscope-facefusion")]
    [InlineData("zsxkib/realistic-voice-cloning")]
    [InlineData("chigozienri/image-urls-to-video")]
    public void Models_without_a_prompt_make_no_pictures_from_one(string model) => Asked.Bad(Asked.Image(model, Asked.Picture));

    [Theory]
    [InlineData("chigozienri/image-urls-to-video")]
    [InlineData("zsxkib/realistic-voice-cloning")]
    [InlineData("stability-ai/sdxl")]
    public void Models_that_make_files_cannot_chat(string model) => Asked.Bad(Asked.Chat(model, Asked.Hello));

    private static void Check(ModelSchema schema, Outcome<MappedInput> outcome)
    {
        if (outcome.Failed(out var fault, out var mapped))
        {
            Assert.True(fault.Status is 400 or 501, fault.Message);
            Assert.NotNull(fault.Param);
            Assert.NotEmpty(fault.Message);
            return;
        }

        for (var run = 0; run < mapped.Runs.Count; run++)
        {
            foreach (var (name, value) in Asked.Input(mapped, run))
            {
                Assert.True(schema.TryGet(name, out var input), name);
                if (value!.GetValueKind() is JsonValueKind.Number)
                {
                    Assert.InRange((double)value!, input.Minimum ?? double.MinValue, input.Maximum ?? double.MaxValue);
                }

                if (input.Choices.Count > 0)
                {
                    Assert.Contains(input.Choices, choice => JsonNode.DeepEquals(value, JsonNode.Parse(choice.GetRawText())));
                }
            }

            Assert.All(
                schema.Inputs.Where(input => input.Required),
                input => Assert.True(Asked.Input(mapped, run).ContainsKey(input.Name))
            );
        }
    }
}
