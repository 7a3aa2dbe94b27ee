using Bifrost.Wire.Canonical.Completions;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Mapping;

public class CompletionMappingTests
{
    private const string Llama = "meta/meta-llama-3-8b-instruct";

    private static readonly Prompt One = new() { Model = "m", Texts = ["Once upon"] };

    [Fact]
    public void A_prompt_goes_out_raw_without_any_template()
    {
        var input = Asked.Input(Asked.Good(Asked.Completion(Llama, One))[0]);
        Assert.Equal(("Once upon", "{prompt}"), ((string?)input["prompt"], (string?)input["prompt_template"]));
    }

    [Fact]
    public void Several_prompts_are_several_inputs_in_order()
    {
        var mapped = Asked.Good(Asked.Completion(Llama, One with { Texts = ["a", "b"] }));
        Assert.Equal(["a", "b"], mapped.Select(input => (string?)Asked.Input(input)["prompt"]));
    }

    [Fact]
    public void Each_prompt_has_as_many_runs_as_choices() =>
        Assert.All(
            Asked.Good(Asked.Completion(Llama, One with { Texts = ["a", "b"], Count = 2 })),
            input => Assert.Equal(2, input.Runs.Count)
        );

    [Fact]
    public void The_limit_of_OpenAI_applies_only_where_wanted()
    {
        Assert.Equal(4096, Asked.Good(Asked.Completion(Llama, One))[0].EffectiveMaxTokens);
        Assert.Equal(16, Asked.Good(Asked.Completion(Llama, One, new MappingOptions { OpenAIDefaults = true }))[0].EffectiveMaxTokens);
    }

    [Fact]
    public void What_cannot_be_done_is_refused_by_name()
    {
        Assert.Equal("suffix", Asked.Bad(Asked.Completion(Llama, One with { Suffix = "end" })).Param);
        Assert.Equal("best_of", Asked.Bad(Asked.Completion(Llama, One with { BestOf = 3 })).Param);
        Assert.Equal("logprobs", Asked.Bad(Asked.Completion(Llama, One with { LogProbs = 1 })).Param);
    }

    [Fact]
    public void Too_many_predictions_at_once_are_refused() =>
        Assert.Equal("n", Asked.Bad(Asked.Completion(Llama, One with { Texts = ["a", "b"], Count = 6 })).Param);

    [Fact]
    public void A_model_that_makes_pictures_continues_no_text() =>
        Assert.Equal("model", Asked.Bad(Asked.Completion("black-forest-labs/flux-schnell", One)).Param);
}
