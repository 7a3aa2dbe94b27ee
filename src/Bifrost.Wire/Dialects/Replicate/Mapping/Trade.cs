namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>What a model makes, as far as its schema gives it away: pictures and videos are both just files, but a wrong guess costs money.</summary>
internal static class Trade
{
    private static readonly string[] Lengths = ["seconds", "duration", "num_frames", "video_length", "frames_per_second"];
    private static readonly string[] Counts = ["num_outputs", "number_of_images", "num_images", "max_images", "image_number"];

    private static readonly string[] Talks = ["messages", "input_item_list", "max_completion_tokens", "max_output_tokens", "max_tokens"];

    /// <summary>It answers with text, or (where the output is not described) takes what only such models take.</summary>
    public static bool Writes(ModelSchema schema) =>
        schema.Output switch
        {
            OutputKind.TextStream or OutputKind.Text => true,
            OutputKind.Object or OutputKind.Unknown => !schema.IsOpen && schema.FirstOf(Talks) is not null,
            _ => false,
        };

    public static bool Films(ModelSchema schema) => schema.FirstOf(Lengths) is not null;

    public static bool Draws(ModelSchema schema) => !Films(schema) && !schema.IsOpen && schema.FirstOf(Counts) is not null;
}
