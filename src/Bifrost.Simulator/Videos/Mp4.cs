using System.Buffers.Binary;
using System.Text;

namespace Bifrost.Simulator;

/// <summary>Puts H.264 frames into an MP4 file (ISO/IEC 14496-12 and -15) whose index comes first, so that it plays while it loads.</summary>
internal sealed class Mp4(int width, int height, int framesPerSecond)
{
    private const int TicksPerFrame = 1000;
    private readonly int timescale = framesPerSecond * TicksPerFrame;

    public byte[] Write(byte[] sequence, byte[] picture, IReadOnlyList<byte[]> frames, IReadOnlyList<int> keyFrames)
    {
        var type = Box("ftyp", "isom"u8.ToArray(), Number(512), "isomiso2avc1mp41"u8.ToArray());

        // The index holds the place of the media, and the media follows the index: its size is measured with a zero first.
        var size = Movie(sequence, picture, frames, keyFrames, 0).Length;
        var movie = Movie(sequence, picture, frames, keyFrames, type.Length + size + 8);
        var media = Box("mdat", [.. frames.SelectMany(frame => (byte[][])[Number(frame.Length), frame])]);
        return [.. type, .. movie, .. media];
    }

    private byte[] Movie(byte[] sequence, byte[] picture, IReadOnlyList<byte[]> frames, IReadOnlyList<int> keyFrames, int offset)
    {
        var duration = Number(frames.Count * TicksPerFrame);
        byte[] matrix = [.. Number(0x10000), .. new byte[12], .. Number(0x10000), .. new byte[12], .. Number(0x40000000)];
        return Box(
            "moov",
            Full(
                "mvhd",
                0,
                new byte[8],
                Number(timescale),
                duration,
                Number(0x10000),
                [1, 0],
                new byte[10],
                matrix,
                new byte[24],
                Number(2)
            ),
            Box(
                "trak",
                Full(
                    "tkhd",
                    3,
                    new byte[8],
                    Number(1),
                    new byte[4],
                    duration,
                    new byte[16],
                    matrix,
                    Number(width << 16),
                    Number(height << 16)
                ),
                Box(
                    "mdia",
                    Full("mdhd", 0, new byte[8], Number(timescale), duration, [0x55, 0xC4, 0, 0]),
                    Full("hdlr", 0, new byte[4], "vide"u8.ToArray(), new byte[12], "Simulated\0"u8.ToArray()),
                    Box(
                        "minf",
                        Full("vmhd", 1, new byte[8]),
                        Box("dinf", Full("dref", 0, Number(1), Full("url ", 1))),
                        Samples(sequence, picture, frames, keyFrames, offset)
                    )
                )
            )
        );
    }

    private byte[] Samples(byte[] sequence, byte[] picture, IReadOnlyList<byte[]> frames, IReadOnlyList<int> keyFrames, int offset) =>
        Box(
            "stbl",
            Full("stsd", 0, Number(1), Entry(sequence, picture)),
            Full("stts", 0, Number(1), Number(frames.Count), Number(TicksPerFrame)),
            Full("stss", 0, Number(keyFrames.Count), [.. keyFrames.SelectMany(frame => Number(frame + 1))]),
            Full("stsc", 0, Number(1), Number(1), Number(frames.Count), Number(1)),
            Full("stsz", 0, Number(0), Number(frames.Count), [.. frames.SelectMany(frame => Number(frame.Length + 4))]),
            Full("stco", 0, Number(1), Number(offset))
        );

    private byte[] Entry(byte[] sequence, byte[] picture) =>
        Box(
            "avc1",
            [0, 0, 0, 0, 0, 0, 0, 1],
            new byte[16],
            Number((width << 16) | height),
            Number(0x480000),
            Number(0x480000),
            new byte[4],
            [0, 1],
            new byte[32],
            [0, 0x18, 0xFF, 0xFF],
            Box(
                "avcC",
                [1, sequence[1], sequence[2], sequence[3], 0xFF, 0xE1, .. Short(sequence.Length)],
                sequence,
                [1, .. Short(picture.Length)],
                picture
            )
        );

    private static byte[] Full(string type, int flags, params byte[][] parts) => Box(type, [Number(flags), .. parts]);

    private static byte[] Box(string type, params byte[][] parts)
    {
        var length = 8 + parts.Sum(part => part.Length);
        using var box = new MemoryStream(length);
        box.Write(Number(length));
        box.Write(Encoding.ASCII.GetBytes(type));
        foreach (var part in parts)
        {
            box.Write(part);
        }

        return box.ToArray();
    }

    private static byte[] Number(int value)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Short(int value) => [(byte)(value >> 8), (byte)value];
}
