using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Puts a wish for pictures, new or edited, into the words of a model.</summary>
public static class ImageMapping
{
    private static readonly ModelSchema Usual = SchemaChoice.Usual(
        OutputKind.Unknown,
        ("prompt", InputKind.Text),
        ("negative_prompt", InputKind.Text),
        ("image", InputKind.Any),
        ("mask", InputKind.Any),
        ("aspect_ratio", InputKind.Text),
        ("num_inference_steps", InputKind.Integer),
        ("output_format", InputKind.Text),
        ("output_quality", InputKind.Integer),
        ("seed", InputKind.Integer)
    );

    /// <param name="request">A generation, or with sources an edit.</param>
    /// <param name="schema">What the model takes, or null when that cannot be had.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">The operator's wishes.</param>
    public static Outcome<MappedInput> Map(ImageRequest request, ModelSchema? schema, ModelReference model, MappingOptions options)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var builder = SchemaChoice.Builder(schema, model, options, Usual);
        if (Trade.Writes(builder.Schema) || Trade.Films(builder.Schema))
        {
            var what = Trade.Films(builder.Schema) ? "makes videos" : "answers with text";
            return new Fault(FaultKind.UnsupportedOperation, $"{model} {what}, so it makes no pictures.") { Param = "model" };
        }

        Prompt(builder, request);
        ImageSources.Add(builder, request);
        var size = Size(builder, request);
        Style(builder, request);
        var format = OutputFormat(builder, request.OutputFormat);
        builder.Number("output_compression", request.OutputCompression, "output_compression", "output_quality");
        SamplingMapping.Seed(builder, request.Seed);
        Text(builder, "negative_prompt", request.NegativePrompt);
        builder.Number("num_inference_steps", request.Steps, builder.Options.Overrides.AliasesOf("num_inference_steps"));
        Passthrough.Add(builder, request.Extensions);
        var runs = ImageCount.Plan(builder, request.Count);
        return builder.Finish().Failed(out var fault, out var fields)
            ? fault
            : new MappedInput
            {
                Fields = fields,
                Slots = builder.Slots,
                Warnings = builder.Notes,
                Runs = runs,
                Output = builder.Schema.Output,
                PromptText = request.Prompt,
                Effective = new EffectiveFacts
                {
                    Size = size.Size,
                    AspectRatio = size.AspectRatio,
                    Resolution = size.Resolution,
                    OutputFormat = format,
                    Quality = builder.Get("quality") is { } quality ? Nodes.Text(quality) : null,
                    Background = builder.Get("background") is { } background ? Nodes.Text(background) : null,
                },
            };
    }

    private static void Prompt(InputBuilder builder, ImageRequest request)
    {
        if (builder.Schema.FirstOf("prompt", "text") is { } input)
        {
            // Variations have no prompt; a model that needs none is not given an empty one.
            if (request.Prompt.Length > 0 || input.Required)
            {
                builder.Set(input.Name, Nodes.Of(request.Prompt), "prompt");
            }
        }
        else if (request.Sources.Count == 0)
        {
            builder.Refuse(
                new Fault(FaultKind.UnsupportedOperation, $"{builder.Model} takes no prompt, so it cannot make a picture from one.")
                {
                    Param = "model",
                }
            );
        }
        else if (request.Prompt.Length > 0)
        {
            builder.Dropped("prompt");
        }
    }

    private static SizeUsed Size(InputBuilder builder, ImageRequest request)
    {
        if (request.AspectRatio is { } aspect)
        {
            return SizeMapping.Aspect(builder, aspect);
        }

        const string match = "match_input_image";
        if (
            request.Sources.Count > 0
            && request.Size is null or "auto"
            && builder.Schema.TryGet("aspect_ratio", out var input)
            && Coercion.Choice(input, Nodes.Of(match)) is not null
        )
        {
            builder.Set(input.Name, Nodes.Of(match), "size");
            return new SizeUsed(null, match, null);
        }

        return SizeMapping.Add(builder, request.Size);
    }

    private static void Style(InputBuilder builder, ImageRequest request)
    {
        var quality = request.Quality switch
        {
            "hd" => "high",
            "standard" => "medium",
            "auto" => null,
            var other => other,
        };
        builder.Word("quality", quality, "quality");
        Unless("auto", "background", request.Background, "background");
        Unless("auto", "moderation", request.Moderation, "moderation");
        builder.Word("style", request.Style, "style", "style_type");
        builder.Word("input_fidelity", request.InputFidelity, "input_fidelity");
        if (request.User is { } user && builder.Schema.TryGet("user_id", out _))
        {
            builder.Set("user_id", Nodes.Of(user), "user");
        }

        void Unless(string usual, string param, string? value, string name)
        {
            // What every model does unasked is no loss where it cannot be said.
            if (value != usual || builder.Schema.Has(name))
            {
                builder.Word(param, value, name);
            }
        }
    }

    private static void Text(InputBuilder builder, string param, string? value)
    {
        if (value is null)
        {
            return;
        }

        if (builder.Schema.FirstOf(builder.Options.Overrides.AliasesOf(param)) is { } input)
        {
            builder.Set(input.Name, Nodes.Of(value), param);
        }
        else
        {
            builder.Dropped(param);
        }
    }

    /// <returns>The format in OpenAI's words, or null when it is not known.</returns>
    private static string? OutputFormat(InputBuilder builder, string? wanted)
    {
        if (!builder.Schema.TryGet("output_format", out var input))
        {
            if (wanted is not null)
            {
                builder.Dropped("output_format");
            }

            return null;
        }

        if (wanted is not null)
        {
            var other = wanted switch
            {
                "jpeg" => "jpg",
                "jpg" => "jpeg",
                _ => wanted,
            };
            var spelled =
                Coercion.Choice(input, Nodes.Of(wanted)) is null && Coercion.Choice(input, Nodes.Of(other)) is not null ? other : wanted;
            builder.Word("output_format", spelled, "output_format");
        }

        var used =
            builder.Get("output_format") is { } set ? Nodes.Text(set)
            : input.Default is { } standard ? Nodes.Show(standard)
            : null;
        return used == "jpg" ? "jpeg" : used;
    }
}
