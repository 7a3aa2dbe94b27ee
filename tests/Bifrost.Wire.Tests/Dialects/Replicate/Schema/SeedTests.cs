using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Schema;

public class SeedTests
{
    public static TheoryData<string, OutputKind, string> Seeds =>
        new()
        {
            { "black-forest-labs/flux-schnell", OutputKind.Files, "num_outputs" },
            { "black-forest-labs/flux-dev", OutputKind.Files, "image" },
            { "stability-ai/sdxl", OutputKind.Files, "width" },
            { "meta/meta-llama-3-8b-instruct", OutputKind.TextStream, "prompt_template" },
            { "meta/meta-llama-3-70b-instruct", OutputKind.TextStream, "prompt_template" },
            { "openai/whisper", OutputKind.Object, "audio" },
            { "yorickvp/llava-13b", OutputKind.TextStream, "image" },
            { "runwayml/gen4-turbo", OutputKind.File, "duration" },
            { "deepseek-ai/deepseek-r1", OutputKind.TextStream, "max_tokens" },
        };

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Each_seed_model_has_a_schema(string slug, OutputKind output, string input)
    {
        var schema = SeedSchemas.Of(Asked.Model(slug));
        Assert.NotNull(schema);
        Assert.Equal(output, schema.Output);
        Assert.True(schema.Has(input));
        Assert.True(schema.Has("prompt") || slug == "openai/whisper");
    }

    [Fact]
    public void The_seed_of_Llama_3_takes_no_system_prompt_seed_or_stop()
    {
        var schema = SeedSchemas.Of(Asked.Model("meta/meta-llama-3-8b-instruct"))!;
        Assert.Null(schema.FirstOf("system_prompt", "seed", "stop_sequences"));
    }

    [Fact]
    public void A_pinned_version_of_a_seed_model_uses_the_same_copy() =>
        Assert.NotNull(SeedSchemas.Of(Asked.Model($"stability-ai/sdxl:{new string('7', 64)}")));

    [Theory]
    [InlineData("nobody/nothing")]
    [InlineData("deployments/stability-ai/sdxl")]
    [InlineData("openai/gpt-5")]
    public void Other_models_have_none(string model) => Assert.Null(SeedSchemas.Of(Asked.Model(model)));

    [Fact]
    public void The_list_begins_with_the_nine_seeds_and_says_what_each_does()
    {
        Assert.Equal(Seeds.Select(row => $"replicate/{row.Data.Item1}"), SeedModels.All.Take(9).Select(model => model.Id));
        Assert.All(SeedModels.All, model => Assert.NotEmpty(model.Operations));
        Assert.Equal(SeedModels.All.Count, SeedModels.All.Select(model => model.Id).Distinct().Count());
    }

    [Fact]
    public void Every_listed_model_can_be_parsed() =>
        Assert.All(SeedModels.All, model => Assert.Equal(model.OwnedBy, Asked.Model(model.Id).Owner));
}
