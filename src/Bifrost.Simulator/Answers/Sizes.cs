using System.Globalization;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator;

/// <summary>Reads the size of a picture or video out of the many ways models ask for one.</summary>
internal static class Sizes
{
    public static (int Width, int Height) OfPicture(JsonObject input)
    {
        if (Exact(input) is { } exact)
        {
            return exact;
        }

        var pixels = Text(input, "megapixels") == "0.25" ? 262_144.0 : 1_048_576.0;
        return Text(input, "aspect_ratio") is { } ratio && TryRatio(ratio, out var w, out var h)
            ? OfArea(w / h, pixels)
            : OfArea(1, pixels);
    }

    /// <summary>Small on purpose: the longer side is 320, the ratio as asked, both even.</summary>
    public static (int Width, int Height) OfVideo(JsonObject input)
    {
        var ratio = Text(input, "aspect_ratio") switch
        {
            "portrait" => 9.0 / 16,
            "landscape" => 16.0 / 9,
            { } asked when TryRatio(asked, out var w, out var h) => w / h,
            _ => 16.0 / 9,
        };
        var (width, height) = ratio >= 1 ? (320.0, 320 / ratio) : (320 * ratio, 320.0);
        return ((int)Math.Max(48, Math.Round(width / 2)) * 2, (int)Math.Max(48, Math.Round(height / 2)) * 2);
    }

    public static double Seconds(JsonObject input)
    {
        foreach (var name in (string[])["seconds", "duration", "video_length", "length"])
        {
            if (Number(input, name) is { } seconds)
            {
                return Math.Clamp(seconds, 1, 30);
            }
        }

        return Number(input, "num_frames") is { } frames
            ? Math.Clamp(frames / (Number(input, "frames_per_second") ?? Number(input, "fps") ?? 16), 1, 30)
            : 5;
    }

    public static double? Number(JsonObject input, string name) =>
        input[name] is JsonValue value
        && double.TryParse(value.ToString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static string? Text(JsonObject input, string name) =>
        input[name] is JsonValue value && value.GetValueKind() == System.Text.Json.JsonValueKind.String ? value.ToString() : null;

    private static (int Width, int Height)? Exact(JsonObject input)
    {
        var custom = Text(input, "aspect_ratio") is null or "custom";
        if (custom && Number(input, "width") is { } width && Number(input, "height") is { } height)
        {
            return (Bounded(width), Bounded(height));
        }

        foreach (var name in (string[])["size", "resolution"])
        {
            var parts = Text(input, name)?.Split('x', '*');
            if (
                parts is [var w, var h]
                && int.TryParse(w, NumberStyles.None, CultureInfo.InvariantCulture, out var wide)
                && int.TryParse(h, NumberStyles.None, CultureInfo.InvariantCulture, out var high)
            )
            {
                return (Bounded(wide), Bounded(high));
            }
        }

        return null;
    }

    private static int Bounded(double side) => (int)Math.Clamp(side, 16, 2048);

    private static bool TryRatio(string text, out double width, out double height)
    {
        width = height = 0;
        return text.Split(':') is [var w, var h]
            && double.TryParse(w, NumberStyles.Float, CultureInfo.InvariantCulture, out width)
            && double.TryParse(h, NumberStyles.Float, CultureInfo.InvariantCulture, out height)
            && width > 0
            && height > 0;
    }

    private static (int Width, int Height) OfArea(double ratio, double pixels) =>
        ((int)Math.Round(Math.Sqrt(pixels * ratio) / 16) * 16, (int)Math.Round(Math.Sqrt(pixels / ratio) / 16) * 16);
}
