using System.Text.Json.Nodes;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Puts a wish for a video into the words of a model.</summary>
public static class VideoMapping
{
    private static readonly ModelSchema Usual = SchemaChoice.Usual(
        OutputKind.Unknown,
        ("prompt", InputKind.Text),
        ("negative_prompt", InputKind.Text),
        ("image", InputKind.Any),
        ("duration", InputKind.Integer),
        ("seed", InputKind.Integer)
    );

    /// <param name="request">What is wished for.</param>
    /// <param name="schema">What the model takes, or null when that cannot be had.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">The operator's wishes.</param>
    public static Outcome<MappedInput> Map(VideoRequest request, ModelSchema? schema, ModelReference model, MappingOptions options)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var builder = SchemaChoice.Builder(schema, model, options, Usual);
        if (Trade.Writes(builder.Schema) || Trade.Draws(builder.Schema))
        {
            var what = Trade.Draws(builder.Schema) ? "makes pictures" : "answers with text";
            return new Fault(FaultKind.UnsupportedOperation, $"{model} {what}, so it makes no videos.") { Param = "model" };
        }

        Prompt(builder, request.Prompt);
        Reference(builder, request);
        Video(builder, request.VideoUri);
        SamplingMapping.Seed(builder, request.Seed);
        Negative(builder, request.NegativePrompt);
        builder.Flag("audio", request.Audio, "generate_audio", "audio", "sound");
        var size = SizeMapping.Add(builder, request.Size);

        // Before the length: a caller's own frame rate decides how many frames a second has.
        Passthrough.Add(builder, request.Extensions);
        var seconds = VideoLength.Add(builder, request.Seconds);
        if (request.User is { } user && builder.Schema.TryGet("user_id", out _))
        {
            builder.Set("user_id", Nodes.Of(user), "user");
        }

        return builder.Finish().Failed(out var fault, out var fields)
            ? fault
            : new MappedInput
            {
                Fields = fields,
                Slots = builder.Slots,
                Warnings = builder.Notes,
                Runs = [new PlannedRun(1, [])],
                Output = builder.Schema.Output,
                PromptText = request.Prompt,
                Effective = new EffectiveFacts
                {
                    VideoSeconds = seconds,
                    Size = size.Size,
                    AspectRatio = size.AspectRatio,
                    Resolution = size.Resolution ?? Standing(builder, "resolution"),
                    Audio = Audio(builder),
                },
            };
    }

    private static void Prompt(InputBuilder builder, string prompt)
    {
        if (builder.Schema.FirstOf("prompt", "text") is { } input)
        {
            builder.Set(input.Name, Nodes.Of(prompt), "prompt");
        }
        else
        {
            builder.Refuse(
                new Fault(FaultKind.UnsupportedOperation, $"{builder.Model} takes no prompt, so it cannot make a video from one.")
                {
                    Param = "model",
                }
            );
        }
    }

    private static void Reference(InputBuilder builder, VideoRequest request)
    {
        if (request.Reference is not { } reference)
        {
            return;
        }

        var input = builder.Schema.FirstOf(
            "input_reference",
            "image",
            "start_image",
            "first_frame_image",
            "start_image_url",
            "input_image",
            "reference_images"
        );
        if (input is null)
        {
            builder.RefuseParameter("input_reference", $"{builder.Model} makes videos from text only and takes no picture.");
            return;
        }

        builder.Media(input, reference, "input_reference");
    }

    private static void Video(InputBuilder builder, string? address)
    {
        if (address is null)
        {
            return;
        }

        if (builder.Schema.FirstOf("video", "input_video", "video_url", "source_video", "reference_video") is { } input)
        {
            builder.Set(input.Name, input.Kind == InputKind.Files ? new JsonArray(Nodes.Of(address)) : Nodes.Of(address), "video");
        }
        else
        {
            builder.Refuse(new Fault(FaultKind.NotOffered, $"{builder.Model} does not work on existing videos.") { Param = "model" });
        }
    }

    private static void Negative(InputBuilder builder, string? text)
    {
        if (text is null)
        {
            return;
        }

        if (builder.Schema.FirstOf(builder.Options.Overrides.AliasesOf("negative_prompt")) is { } input)
        {
            builder.Set(input.Name, Nodes.Of(text), "negative_prompt");
        }
        else
        {
            builder.Dropped("negative_prompt");
        }
    }

    private static bool? Audio(InputBuilder builder) =>
        builder.Get("generate_audio")?.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.True => true,
            System.Text.Json.JsonValueKind.False => false,
            _ => builder.Schema.TryGet("generate_audio", out var input) && input.Default is { } standard
                ? standard.ValueKind == System.Text.Json.JsonValueKind.True
                : null,
        };

    /// <summary>The value that an input will have: sent, or the model's own.</summary>
    private static string? Standing(InputBuilder builder, string name) =>
        builder.Get(name) is { } set ? Nodes.Text(set)
        : builder.Schema.TryGet(name, out var input) && input.Default is { } standard ? Nodes.Show(standard)
        : null;
}
