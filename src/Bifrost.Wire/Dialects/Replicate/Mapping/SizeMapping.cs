using System.Globalization;
using System.Text.Json;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>What a size came to.</summary>
internal readonly record struct SizeUsed(string? Size, string? AspectRatio, string? Resolution);

/// <summary>Says a size in pixels the way a model can hear it: the same size from a list, width and height, or the nearest aspect ratio and the
/// smallest sufficient resolution.</summary>
internal static class SizeMapping
{
    /// <summary>Ratios this close count as the same: OpenAI's 1792x1024 is meant as 16:9 and is off by 1.6 %.</summary>
    private const double Tolerance = 0.05;

    private static readonly string[] SizeLists = ["size", "resolution", "image_size", "image_dimension", "aspect_ratios_selection"];

    public static SizeUsed Add(InputBuilder builder, string? size)
    {
        if (size is null or "auto" or "")
        {
            return default;
        }

        if (!Measures.TrySize(size, out var width, out var height))
        {
            builder.Dropped("size", $"`size` has no effect: \"{size}\" is not of the form 1024x1024.");
            return default;
        }

        if (Listed(builder, width, height))
        {
            return new SizeUsed($"{width}x{height}", null, null);
        }

        if (Pixels(builder, ref width, ref height))
        {
            return new SizeUsed($"{width}x{height}", null, null);
        }

        var ratio = Ratio(builder, "size", (double)width / height);
        if (ratio is null && NearestListed(builder, width, height) is { } listed)
        {
            return new SizeUsed(listed, null, null);
        }

        var tier = Tier(builder, (double)width * height);
        if (ratio is null && tier is null)
        {
            builder.Dropped("size");
        }

        return new SizeUsed(null, ratio, tier);
    }

    /// <summary>An aspect ratio said outright.</summary>
    public static SizeUsed Aspect(InputBuilder builder, string aspect)
    {
        if (!builder.Schema.TryGet("aspect_ratio", out var input))
        {
            builder.Dropped("aspect_ratio");
            return default;
        }

        if (input.Choices.Count == 0 || Coercion.Choice(input, Nodes.Of(aspect)) is not null)
        {
            builder.Set(input.Name, Nodes.Of(aspect), "aspect_ratio");
            return new SizeUsed(null, aspect, null);
        }

        if (!Measures.TryRatio(aspect, out var ratio))
        {
            builder.Dropped("aspect_ratio", $"`aspect_ratio` has no effect: {builder.Model} takes only {Coercion.Choices(input)}.");
            return default;
        }

        return new SizeUsed(null, Ratio(builder, "aspect_ratio", ratio), null);
    }

    private static bool Listed(InputBuilder builder, int width, int height)
    {
        foreach (var name in SizeLists)
        {
            if (!builder.Schema.TryGet(name, out var input))
            {
                continue;
            }

            foreach (var choice in input.Choices)
            {
                if (Measures.TrySize(Nodes.Show(choice), out var w, out var h) && w == width && h == height)
                {
                    builder.Set(name, Nodes.Of(choice), "size");
                    return true;
                }
            }
        }

        return false;
    }

    private static string? NearestListed(InputBuilder builder, int width, int height)
    {
        foreach (var name in SizeLists)
        {
            if (!builder.Schema.TryGet(name, out var input))
            {
                continue;
            }

            var (best, bestDistance, bestSize) = (default(JsonElement), double.MaxValue, "");
            foreach (var choice in input.Choices)
            {
                if (Measures.TrySize(Nodes.Show(choice), out var w, out var h))
                {
                    // The shape counts most, then the number of pixels.
                    var distance =
                        (10 * Math.Abs(Math.Log((double)w / h * height / width))) + Math.Abs(Math.Log((double)w * h / width / height));
                    if (distance < bestDistance)
                    {
                        (best, bestDistance, bestSize) = (choice, distance, $"{w}x{h}");
                    }
                }
            }

            if (bestSize.Length > 0)
            {
                builder.Changed("size", $"`size` is {bestSize} instead of {width}x{height}, which {builder.Model} does not offer.");
                builder.Set(name, Nodes.Of(best), "size");
                return bestSize;
            }
        }

        return null;
    }

    /// <summary>Width and height, where they count: some models heed them only when another input says "custom".</summary>
    private static bool Pixels(InputBuilder builder, ref int width, ref int height)
    {
        var schema = builder.Schema;
        if (!schema.TryGet("width", out var wide) || !schema.TryGet("height", out var high))
        {
            return false;
        }

        var aspect = schema.FirstOf("aspect_ratio");
        var fits = !(width < wide.Minimum || width > wide.Maximum || height < high.Minimum || height > high.Maximum);
        var custom = Custom(aspect) ? aspect : null;
        if (custom is not null && !fits && Nearest(aspect!, (double)width / height).Distance <= Math.Log(1 + Tolerance))
        {
            // The right shape is worth more than some of the pixels.
            return false;
        }

        if (custom is null && fits && schema.TryGet("size", out var sizes) && Custom(sizes))
        {
            custom = sizes;
        }

        if (aspect is not null && custom is null)
        {
            return false;
        }

        if (custom is not null)
        {
            builder.Set(custom.Name, Nodes.Of("custom"), "size");
        }

        var (asked, tall) = (width, height);
        width = Side(wide, asked, Scale(wide, high, asked, tall));
        height = Side(high, tall, Scale(wide, high, asked, tall));
        if (width != asked || height != tall)
        {
            builder.Changed("size", $"`size` is {width}x{height} instead of {asked}x{tall}, which {builder.Model} does not offer.");
        }

        builder.Set("width", Nodes.Of(width), "size");
        builder.Set("height", Nodes.Of(height), "size");
        return true;
    }

    private static bool Custom(SchemaInput? input) => input is not null && Coercion.Choice(input, Nodes.Of("custom")) is not null;

    private static double Scale(SchemaInput wide, SchemaInput high, int width, int height)
    {
        var scale = Math.Min(1, Math.Min((wide.Maximum ?? width) / width, (high.Maximum ?? height) / height));
        var up = Math.Max((wide.Minimum ?? 0) / width, (high.Minimum ?? 0) / height);
        return Math.Max(scale, up);
    }

    private static int Side(SchemaInput input, int wanted, double scale)
    {
        if (input.Choices.Count > 0)
        {
            return NearestSide(input, wanted);
        }

        var step = input.Description.Contains("32", StringComparison.Ordinal) ? 32 : 8;
        var length = (int)Math.Min(Math.Round(wanted * scale / step) * step, 65536);
        return (int)Coercion.Clamp(input, Math.Max(step, length));
    }

    private static int NearestSide(SchemaInput input, int wanted)
    {
        var (best, found) = (wanted, false);
        foreach (var choice in input.Choices)
        {
            if (
                Measures.TryLeadingNumber(Nodes.Show(choice), out var number)
                && number is > 0 and < 65536
                && (!found || Math.Abs(number - wanted) < Math.Abs(best - wanted))
            )
            {
                (best, found) = ((int)number, true);
            }
        }

        return best;
    }

    private static string? Ratio(InputBuilder builder, string param, double wanted)
    {
        if (!builder.Schema.TryGet("aspect_ratio", out var input))
        {
            return null;
        }

        var (best, bestDistance) = Nearest(input, wanted);
        if (bestDistance.Equals(double.MaxValue))
        {
            return null;
        }

        var name = Nodes.Show(best);
        if (bestDistance > Math.Log(1 + Tolerance))
        {
            builder.Changed(
                param,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"`{param}` became the aspect ratio {name}, the nearest that {builder.Model} offers."
                )
            );
        }

        builder.Set(input.Name, Nodes.Of(best), param);
        return name;
    }

    private static (JsonElement Choice, double Distance) Nearest(SchemaInput input, double wanted)
    {
        var (best, bestDistance) = (default(JsonElement), double.MaxValue);
        foreach (var choice in input.Choices)
        {
            if (Distance(Nodes.Show(choice), wanted) is { } distance && distance < bestDistance)
            {
                (best, bestDistance) = (choice, distance);
            }
        }

        return (best, bestDistance);
    }

    private static double? Distance(string choice, double wanted)
    {
        // A direction fits any size that lies the same way.
        if (choice.Equals("portrait", StringComparison.OrdinalIgnoreCase))
        {
            return wanted < 1 ? 0 : Math.Log(wanted) + Tolerance;
        }

        if (choice.Equals("landscape", StringComparison.OrdinalIgnoreCase))
        {
            return wanted > 1 ? 0 : -Math.Log(wanted) + (2 * Tolerance);
        }

        return Measures.TryRatio(choice, out var ratio) ? Math.Abs(Math.Log(ratio / wanted)) : null;
    }

    /// <summary>The smallest tier with enough pixels, else the largest. What the model does anyway is not said again.</summary>
    private static string? Tier(InputBuilder builder, double pixels)
    {
        if (builder.Schema.FirstOf("resolution", "megapixels", "size") is not { } input)
        {
            return null;
        }

        var (best, bestPixels, found) = (default(JsonElement), 0.0, false);
        foreach (var choice in input.Choices)
        {
            if (!Measures.TryTier(Nodes.Show(choice), out var tier))
            {
                continue;
            }

            // Tiers are round names, not exact counts.
            var enough = tier >= pixels * (1 - Tolerance);
            var bestIsEnough = bestPixels >= pixels * (1 - Tolerance);
            var better = enough ? !bestIsEnough || tier < bestPixels : !bestIsEnough && tier > bestPixels;
            if (!found || better)
            {
                (best, bestPixels, found) = (choice, tier, true);
            }
        }

        if (!found)
        {
            return null;
        }

        var name = Nodes.Show(best);
        if (input.Default is not { } standard || Nodes.Show(standard) != name)
        {
            builder.Set(input.Name, Nodes.Of(best), "size");
        }

        return name;
    }
}
