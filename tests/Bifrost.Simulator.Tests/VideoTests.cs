using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Bifrost.Simulator.Tests;

public sealed class VideoTests
{
    [Fact]
    public async Task A_video_is_an_mp4_with_its_index_first_and_the_asked_length()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);
        var made = await calls.PostJsonAsync(
            "/models/openai/sora-2/predictions",
            """{"input":{"prompt":"x","seconds":4,"aspect_ratio":"portrait"}}""",
            ("Prefer", "wait")
        );

        var bytes = await calls.Http.GetByteArrayAsync(new Uri(made["output"]!.ToString()));
        if (Environment.GetEnvironmentVariable("SIMULATOR_KEEP_FILES") is { } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "video.mp4"), bytes);
        }

        Assert.Equal(["ftyp", "moov", "mdat"], Boxes(bytes, 0, bytes.Length).Select(box => box.Type));
        var header = Find(bytes, "moov", "mvhd");
        var timescale = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(header + 12));
        var duration = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(header + 16));
        Assert.Equal(4, duration / timescale);
        var track = Find(bytes, "moov", "trak", "tkhd");
        Assert.Equal((180, 320), (Upper(bytes, track + 76), Upper(bytes, track + 80)));
    }

    [Fact]
    public void The_index_points_at_the_first_frame()
    {
        var bytes = new VideoRecipe
        {
            FileName = "x.mp4",
            ContentType = "video/mp4",
            Width = 64,
            Height = 48,
            Seconds = 1,
            Seed = 3,
        }.Draw();

        var table = Find(bytes, "moov", "trak", "mdia", "minf", "stbl", "stco");
        var offset = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(table + 8));

        const int KeyFrameUnit = 0x65;
        Assert.Equal(KeyFrameUnit, bytes[offset + 4]);
        var sizes = Find(bytes, "moov", "trak", "mdia", "minf", "stbl", "stsz");
        Assert.Equal(10, BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(sizes + 8)));
        Assert.Equal(
            BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(sizes + 12)),
            4 + BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(offset))
        );
    }

    [Fact]
    public async Task Progress_stands_in_the_logs()
    {
        await using var simulator = await ReplicateSimulator.StartAsync();
        using var calls = new Calls(simulator);

        var made = await calls.PostJsonAsync("/models/google/veo-3/predictions", """{"input":{"prompt":"x"}}""", ("Prefer", "wait"));

        Assert.Contains(" 40%|", made["logs"]!.ToString(), StringComparison.Ordinal);
    }

    private static int Upper(byte[] bytes, int at) => BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at)) >> 16;

    /// <summary>Where the payload of a nested box begins.</summary>
    private static int Find(byte[] bytes, params string[] path)
    {
        var (start, end) = (0, bytes.Length);
        foreach (var type in path)
        {
            var box = Boxes(bytes, start, end).First(candidate => candidate.Type == type);
            (start, end) = (box.Start, box.End);
        }

        return start;
    }

    private static IEnumerable<(string Type, int Start, int End)> Boxes(byte[] bytes, int from, int to)
    {
        for (var at = from; at < to; )
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(at));
            yield return (Encoding.ASCII.GetString(bytes, at + 4, 4), at + 8, at + length);
            at += length;
        }
    }
}
