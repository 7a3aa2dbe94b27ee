namespace Bifrost.Simulator;

/// <summary>Pixels of 24-bit colour, row by row.</summary>
internal sealed class Canvas(int width, int height)
{
    public int Width => width;

    public int Height => height;

    /// <summary>Red, green, blue of every pixel.</summary>
    public byte[] Rgb { get; } = new byte[width * height * 3];

    public void Set(int x, int y, Colour colour)
    {
        if ((uint)x < (uint)width && (uint)y < (uint)height)
        {
            var at = (y * width + x) * 3;
            Rgb[at] = colour.R;
            Rgb[at + 1] = colour.G;
            Rgb[at + 2] = colour.B;
        }
    }

    public Colour Get(int x, int y)
    {
        var at = (y * width + x) * 3;
        return new Colour(Rgb[at], Rgb[at + 1], Rgb[at + 2]);
    }

    /// <summary>Lays a colour over a pixel; <paramref name="strength"/> 0 to 1.</summary>
    public void Blend(int x, int y, Colour colour, double strength)
    {
        if ((uint)x < (uint)width && (uint)y < (uint)height)
        {
            Set(x, y, Colour.Mix(Get(x, y), colour, strength));
        }
    }
}

/// <summary>A colour.</summary>
internal readonly record struct Colour(byte R, byte G, byte B)
{
    public static Colour Mix(Colour from, Colour to, double share) =>
        new(Mix(from.R, to.R, share), Mix(from.G, to.G, share), Mix(from.B, to.B, share));

    /// <summary>A colour of the wheel; hue in turns, the others 0 to 1.</summary>
    public static Colour FromHue(double hue, double saturation, double lightness)
    {
        double Channel(double offset)
        {
            var k = (offset + hue * 12) % 12;
            var a = saturation * Math.Min(lightness, 1 - lightness);
            return lightness - a * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1));
        }

        return new Colour((byte)(Channel(0) * 255), (byte)(Channel(8) * 255), (byte)(Channel(4) * 255));
    }

    private static byte Mix(byte from, byte to, double share) => (byte)Math.Clamp(from + (to - from) * share, 0, 255);
}
