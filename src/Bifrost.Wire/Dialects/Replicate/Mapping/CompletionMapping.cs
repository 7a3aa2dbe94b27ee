using Bifrost.Wire.Canonical.Completions;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Puts raw text to a model as it is: no template, no speakers. Each text becomes an input of its own.</summary>
public static class CompletionMapping
{
    /// <summary>OpenAI's limit for a legacy completion that names none.</summary>
    private const int OpenAILimit = 16;

    private static readonly ModelSchema Usual = SchemaChoice.Usual(
        OutputKind.TextStream,
        ("prompt", InputKind.Text),
        ("max_tokens", InputKind.Integer),
        ("temperature", InputKind.Number),
        ("top_p", InputKind.Number),
        ("top_k", InputKind.Integer),
        ("presence_penalty", InputKind.Number),
        ("frequency_penalty", InputKind.Number),
        ("stop_sequences", InputKind.Text),
        ("seed", InputKind.Integer)
    );

    /// <param name="request">The texts. An echo is left to the gateway.</param>
    /// <param name="schema">What the model takes, or null when that cannot be had.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">The operator's wishes.</param>
    /// <returns>One input for each text, in order.</returns>
    public static Outcome<IReadOnlyList<MappedInput>> Map(Prompt request, ModelSchema? schema, ModelReference model, MappingOptions options)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        if ((long)request.Texts.Count * Math.Max(1, request.Count) > options.MaxRuns)
        {
            return Fault.Unsupported(
                $"{request.Texts.Count} prompts with {request.Count} choices each are more than the {options.MaxRuns} that are made at once.",
                request.Texts.Count > options.MaxRuns ? "prompt" : "n"
            );
        }

        var inputs = new List<MappedInput>(request.Texts.Count);
        foreach (var text in request.Texts)
        {
            if (One(text, request, schema, model, options).Failed(out var fault, out var input))
            {
                return fault;
            }

            inputs.Add(input);
        }

        return inputs;
    }

    private static Outcome<MappedInput> One(string text, Prompt request, ModelSchema? schema, ModelReference model, MappingOptions options)
    {
        var builder = SchemaChoice.Builder(schema, model, options, Usual);
        if (
            builder.Schema.Output is OutputKind.File or OutputKind.Files or OutputKind.FileStream
            || ChatMapping.PromptInput(builder.Schema) is not { } prompt
        )
        {
            return new Fault(FaultKind.UnsupportedOperation, $"{model} does not continue text.") { Param = "model" };
        }

        Refusals(builder, request);
        builder.Set(prompt.Name, Nodes.Of(text), "prompt");
        if (builder.Schema.TryGet("prompt_template", out var template))
        {
            builder.Set(template.Name, Nodes.Of(PromptRendering.Bare), "prompt");
        }

        var sampling = request.Sampling;
        if (options.OpenAIDefaults && sampling.MaxTokens is null)
        {
            sampling = sampling with { MaxTokens = OpenAILimit };
        }

        SamplingMapping.Add(builder, sampling, options.DefaultMaxTokens);
        if (request.User is { } user && builder.Schema.TryGet("user_id", out _))
        {
            builder.Set("user_id", Nodes.Of(user), "user");
        }

        Passthrough.Add(builder, request.Extensions, "metadata", "store");
        var runs = FanOut.Ones(builder, request.Count);
        return builder.Finish().Failed(out var fault, out var fields)
            ? fault
            : new MappedInput
            {
                Fields = fields,
                Slots = builder.Slots,
                Warnings = builder.Notes,
                Runs = runs,
                EnforcedStops = sampling.Stop,
                EffectiveMaxTokens = SamplingMapping.LimitInForce(builder),
                Output = builder.Schema.Output,
                ThinksFirst = builder.Traits.ThinksFirst,
                PromptText = text,
            };
    }

    private static void Refusals(InputBuilder builder, Prompt request)
    {
        if (request.Suffix is { Length: > 0 })
        {
            builder.RefuseParameter("suffix", $"{builder.Model} cannot fill in before a `suffix`.");
        }

        if (request.BestOf > Math.Max(1, request.Count))
        {
            builder.RefuseParameter("best_of", "`best_of` over `n` is not offered: answers have no scores to choose by.");
        }

        if (request.LogProbs > 0)
        {
            builder.RefuseParameter("logprobs", $"{builder.Model} gives no log probabilities.");
        }
    }
}
