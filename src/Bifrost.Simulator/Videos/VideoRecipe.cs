namespace Bifrost.Simulator;

/// <summary>A video to be drawn: a ball that crosses a painted landscape, SIMULATED in front of it.</summary>
internal sealed record VideoRecipe : Recipe
{
    private const int FramesPerSecond = 10;
    private const int KeyEvery = 50;

    /// <summary>Pixels, even.</summary>
    public required int Width { get; init; }

    /// <summary>Pixels, even.</summary>
    public required int Height { get; init; }

    public required double Seconds { get; init; }

    public required uint Seed { get; init; }

    public override byte[] Draw()
    {
        var coder = new H264(Width, Height);
        var count = Math.Max(1, (int)Math.Round(Seconds * FramesPerSecond));
        var frames = new List<byte[]>(count);
        var keyFrames = new List<int>();
        var background = Painting.Draw(Width, Height, Seed);
        YuvFrame? before = null;
        for (var i = 0; i < count; i++)
        {
            var frame = YuvFrame.From(Moment(background, (double)i / Math.Max(1, count - 1)));
            if (before is null || i % KeyEvery == 0)
            {
                keyFrames.Add(i);
                frames.Add(coder.KeyFrame(frame));
            }
            else
            {
                frames.Add(coder.DeltaFrame(before, frame));
            }

            before = frame;
        }

        return new Mp4(Width, Height, FramesPerSecond).Write(coder.SequenceParameters(), H264.PictureParameters(), frames, keyFrames);
    }

    private Canvas Moment(Canvas background, double time)
    {
        var canvas = new Canvas(Width, Height);
        background.Rgb.CopyTo(canvas.Rgb, 0);
        var radius = Math.Min(Width, Height) * 0.09;
        var centreX = radius + time * (Width - 2 * radius);
        var centreY = Height * (0.48 - 0.3 * Math.Sin(time * Math.PI));
        for (var y = (int)(centreY - radius); y <= centreY + radius; y++)
        {
            for (var x = (int)(centreX - radius); x <= centreX + radius; x++)
            {
                var distance = Math.Sqrt((x - centreX) * (x - centreX) + (y - centreY) * (y - centreY));
                canvas.Blend(x, y, new Colour(255, 244, 214), Math.Clamp(radius - distance, 0, 1));
            }
        }

        // The stamp stays readable when the ball passes behind it.
        Painting.StampOn(canvas);
        return canvas;
    }
}
