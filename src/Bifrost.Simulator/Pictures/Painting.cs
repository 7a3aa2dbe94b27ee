namespace Bifrost.Simulator;

/// <summary>Draws a landscape of soft hills under a glowing disc from a seed, stamped SIMULATED.</summary>
internal static class Painting
{
    private const string Stamp = "SIMULATED";

    public static Canvas Draw(int width, int height, uint seed)
    {
        var dice = new Dice(seed);
        var canvas = new Canvas(width, height);
        var hue = dice.Next();
        var top = Colour.FromHue(hue, 0.55, 0.22 + 0.2 * dice.Next());
        var horizon = Colour.FromHue((hue + 0.08 + 0.12 * dice.Next()) % 1, 0.7, 0.68);
        Sky(canvas, top, horizon);
        Disc(canvas, dice.Next(0.2, 0.8), dice.Next(0.2, 0.5), dice.Next(0.08, 0.16), Colour.FromHue((hue + 0.15) % 1, 0.9, 0.82));
        for (var layer = 0; layer < 4; layer++)
        {
            var depth = (layer + 1) / 4.0;
            Hills(
                canvas,
                ref dice,
                0.5 + 0.11 * layer,
                Colour.Mix(horizon, Colour.FromHue((hue + 0.5) % 1, 0.45, 0.12), 0.3 + 0.7 * depth)
            );
        }

        StampOn(canvas);
        return canvas;
    }

    /// <summary>Writes SIMULATED large and translucent across the lower third.</summary>
    public static void StampOn(Canvas canvas)
    {
        var scale = Math.Max(1, canvas.Width * 7 / 10 / PixelFont.WidthOf(Stamp));
        var left = (canvas.Width - PixelFont.WidthOf(Stamp) * scale) / 2;
        var top = canvas.Height - PixelFont.Height * scale - Math.Max(2, canvas.Height / 12);
        PixelFont.Write(
            Stamp,
            (x, y) =>
                Fill(
                    canvas,
                    left + x * scale + Math.Max(1, scale / 6),
                    top + y * scale + Math.Max(1, scale / 6),
                    scale,
                    new Colour(0, 0, 0),
                    0.45
                )
        );
        PixelFont.Write(Stamp, (x, y) => Fill(canvas, left + x * scale, top + y * scale, scale, new Colour(255, 255, 255), 0.85));
    }

    private static void Fill(Canvas canvas, int left, int top, int size, Colour colour, double strength)
    {
        for (var y = top; y < top + size; y++)
        {
            for (var x = left; x < left + size; x++)
            {
                canvas.Blend(x, y, colour, strength);
            }
        }
    }

    private static void Sky(Canvas canvas, Colour top, Colour horizon)
    {
        for (var y = 0; y < canvas.Height; y++)
        {
            var colour = Colour.Mix(top, horizon, Math.Min(1, y / (canvas.Height * 0.62)));
            for (var x = 0; x < canvas.Width; x++)
            {
                canvas.Set(x, y, colour);
            }
        }
    }

    private static void Disc(Canvas canvas, double atX, double atY, double size, Colour colour)
    {
        var (centreX, centreY) = (atX * canvas.Width, atY * canvas.Height);
        var radius = size * Math.Min(canvas.Width, canvas.Height);
        var glow = radius * 2.6;
        for (var y = (int)(centreY - glow); y <= centreY + glow; y++)
        {
            for (var x = (int)(centreX - glow); x <= centreX + glow; x++)
            {
                var distance = Math.Sqrt((x - centreX) * (x - centreX) + (y - centreY) * (y - centreY));
                var strength = distance <= radius ? 1 : Math.Max(0, 0.5 * (1 - (distance - radius) / (glow - radius)));
                if (strength > 0)
                {
                    canvas.Blend(x, y, colour, strength);
                }
            }
        }
    }

    private static void Hills(Canvas canvas, ref Dice dice, double height, Colour colour)
    {
        var (waveA, waveB) = (dice.Next(1.2, 3), dice.Next(4, 8));
        var (shiftA, shiftB) = (dice.Next(0, Math.Tau), dice.Next(0, Math.Tau));
        for (var x = 0; x < canvas.Width; x++)
        {
            var along = (double)x / canvas.Width * Math.Tau;
            var edge = height + 0.06 * Math.Sin(along * waveA / 2 + shiftA) + 0.02 * Math.Sin(along * waveB / 2 + shiftB);
            for (var y = Math.Max(0, (int)(edge * canvas.Height)); y < canvas.Height; y++)
            {
                canvas.Set(x, y, colour);
            }
        }
    }
}
