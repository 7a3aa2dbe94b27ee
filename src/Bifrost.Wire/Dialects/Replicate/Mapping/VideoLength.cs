using System.Globalization;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>The length of a video, in seconds or in frames.</summary>
internal static class VideoLength
{
    /// <summary>Of models that do not say: the rate that most were trained with.</summary>
    private const double UsualRate = 24;

    /// <returns>The length that the video will have in seconds, or null when nothing tells.</returns>
    public static double? Add(InputBuilder builder, int? wanted)
    {
        if (builder.Schema.FirstOf("seconds", "duration") is { } direct)
        {
            return Seconds(builder, direct, wanted);
        }

        if (builder.Schema.FirstOf("num_frames", "video_length", "length") is { Kind: InputKind.Integer or InputKind.Number } frames)
        {
            return Frames(builder, frames, wanted);
        }

        if (wanted is { } seconds && !builder.Traits.VideoSeconds.Equals(seconds))
        {
            builder.Dropped("seconds", $"`seconds` has no effect: the length of {builder.Model}'s videos is fixed.");
        }

        return builder.Traits.VideoSeconds;
    }

    private static double? Seconds(InputBuilder builder, SchemaInput input, int? wanted)
    {
        if (wanted is not { } seconds || builder.IsSet(input.Name))
        {
            return Standing(builder, input);
        }

        return input.Choices.Count > 0
            ? builder.NearestChoice("seconds", seconds, input, atLeast: true)
            : builder.Number("seconds", seconds, input);
    }

    private static double? Frames(InputBuilder builder, SchemaInput input, int? wanted)
    {
        var rate =
            builder.Schema.FirstOf("fps", "frames_per_second") is { } fps && Standing(builder, fps) is > 0 and var known
                ? known
                : UsualRate;

        // Models that make 81 or 121 frames count the first picture extra.
        var extra = IsExtra(input.Minimum) || IsExtra(Default(input)) ? 1 : 0;
        if (wanted is not { } seconds || builder.IsSet(input.Name))
        {
            return (Standing(builder, input) - extra) / rate;
        }

        var ideal = (seconds * rate) + extra;
        var sent = Coercion.Clamp(input, Math.Round(ideal));
        var real = Math.Round((sent - extra) / rate, 2);
        if (!real.Equals(seconds))
        {
            builder.Changed(
                "seconds",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"`seconds` is {real} instead of {seconds}, which is out of {builder.Model}'s range."
                )
            );
        }

        builder.Set(input.Name, Nodes.Of(sent), "seconds");
        return real;
    }

    private static bool IsExtra(double? frames) => frames is > 1 and var number && (number - 1) % 4 == 0;

    private static double? Default(SchemaInput input) =>
        input.Default is { } standard && Measures.TryLeadingNumber(Nodes.Show(standard), out var number) ? number : null;

    private static double? Standing(InputBuilder builder, SchemaInput input)
    {
        if (builder.Get(input.Name) is { } set)
        {
            return Measures.TryLeadingNumber(Nodes.Text(set) ?? set.ToJsonString(), out var number) ? number : null;
        }

        return Default(input);
    }
}
