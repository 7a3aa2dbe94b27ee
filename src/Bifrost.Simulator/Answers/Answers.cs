using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>What a healthy model answers.</summary>
internal static class Answers
{
    public static Answer For(SimulatorModel model, JsonObject sent)
    {
        var input = Known(model, sent);
        return KindOf(model) switch
        {
            AnswerKind.Text => Speech.Text(model, input, thinking: false),
            AnswerKind.Thinking => Speech.Text(model, input, thinking: true),
            AnswerKind.Structured => Speech.Structured(model, input),
            AnswerKind.Transcript => Transcripts.For(model, input),
            AnswerKind.Chunks => Transcripts.Chunks(input),
            AnswerKind.Image => Drawings.Pictures(model, input),
            AnswerKind.Video => Drawings.Video(model, input),
            _ => new Answer.Value(Examples.Of(model.Schema.Output)),
        };
    }

    /// <summary>The input as the model sees it: keys its schema does not know are gone, as Cog does it.</summary>
    private static JsonObject Known(SimulatorModel model, JsonObject sent)
    {
        var known = new JsonObject();
        foreach (var (name, value) in sent)
        {
            if (model.Schema.Inputs.ContainsKey(name))
            {
                known[name] = value?.DeepClone();
            }
        }

        return known;
    }

    private static AnswerKind KindOf(SimulatorModel model)
    {
        if (model.Kind != AnswerKind.BySchema)
        {
            return model.Kind;
        }

        var inputs = model.Schema.Inputs;
        return model.Schema.Shape switch
        {
            OutputShape.Text or OutputShape.TextPieces => AnswerKind.Text,
            OutputShape.File or OutputShape.Files or OutputShape.FilePieces => VideoInputs.Any(inputs.ContainsKey)
                ? AnswerKind.Video
                : AnswerKind.Image,
            _ => AnswerKind.BySchema,
        };
    }

    private static readonly ImmutableArray<string> VideoInputs =
    [
        "duration",
        "seconds",
        "num_frames",
        "video_length",
        "fps",
        "frames_per_second",
        "first_frame_image",
        "start_image",
    ];
}
