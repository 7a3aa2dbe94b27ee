namespace Bifrost.Simulator;

/// <summary>A picture as video sees it: brightness per pixel, colour per four pixels (4:2:0, BT.601, studio range). Edges are drawn out
/// to whole macroblocks.</summary>
internal sealed class YuvFrame
{
    private readonly int width;
    private readonly byte[] y;
    private readonly byte[] u;
    private readonly byte[] v;

    private YuvFrame(int width, int height)
    {
        this.width = width;
        y = new byte[width * height];
        u = new byte[width * height / 4];
        v = new byte[width * height / 4];
    }

    /// <summary>The next whole number of macroblocks, in pixels.</summary>
    public static int Whole(int side) => (side + 15) / 16 * 16;

    public static YuvFrame From(Canvas canvas)
    {
        var frame = new YuvFrame(Whole(canvas.Width), Whole(canvas.Height));
        var half = frame.width / 2;
        for (var row = 0; row < Whole(canvas.Height); row++)
        {
            for (var column = 0; column < frame.width; column++)
            {
                var pixel = canvas.Get(Math.Min(column, canvas.Width - 1), Math.Min(row, canvas.Height - 1));
                frame.y[row * frame.width + column] = (byte)(16 + (65.738 * pixel.R + 129.057 * pixel.G + 25.064 * pixel.B) / 256);
                if (((row | column) & 1) == 0)
                {
                    var at = row / 2 * half + column / 2;
                    frame.u[at] = (byte)(128 + (-37.945 * pixel.R - 74.494 * pixel.G + 112.439 * pixel.B) / 256);
                    frame.v[at] = (byte)(128 + (112.439 * pixel.R - 94.154 * pixel.G - 18.285 * pixel.B) / 256);
                }
            }
        }

        return frame;
    }

    public bool Same(YuvFrame other, int column, int row) =>
        Same(y, other.y, width, 16, column, row)
        && Same(u, other.u, width / 2, 8, column, row)
        && Same(v, other.v, width / 2, 8, column, row);

    public void WriteBlock(BitWriter bits, int column, int row)
    {
        Write(bits, y, width, 16, column, row);
        Write(bits, u, width / 2, 8, column, row);
        Write(bits, v, width / 2, 8, column, row);
    }

    private static bool Same(byte[] a, byte[] b, int stride, int size, int column, int row)
    {
        for (var line = 0; line < size; line++)
        {
            var at = (row * size + line) * stride + column * size;
            if (!a.AsSpan(at, size).SequenceEqual(b.AsSpan(at, size)))
            {
                return false;
            }
        }

        return true;
    }

    private static void Write(BitWriter bits, byte[] plane, int stride, int size, int column, int row)
    {
        for (var line = 0; line < size; line++)
        {
            bits.Bytes(plane.AsSpan((row * size + line) * stride + column * size, size));
        }
    }
}
