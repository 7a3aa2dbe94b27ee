using System.Buffers;

namespace Bifrost.Wire.Framing;

/// <summary>Writes server-sent events.</summary>
public static class SseWriter
{
    /// <summary>What precedes data without line breaks, for those who write it in place; <see cref="EventEnd"/> follows it.</summary>
    public static ReadOnlySpan<byte> DataStart => "data: "u8;

    public static ReadOnlySpan<byte> EventEnd => "\n\n"u8;

    public static void Data(ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        while (true)
        {
            var end = data.IndexOfAny((byte)'\n', (byte)'\r');
            output.Write(DataStart);
            output.Write(end < 0 ? data : data[..end]);
            output.Write("\n"u8);
            if (end < 0)
            {
                output.Write("\n"u8);
                return;
            }

            var isPair = data[end..].StartsWith("\r\n"u8);
            data = data[(end + (isPair ? 2 : 1))..];
        }
    }

    /// <param name="name">Without line breaks.</param>
    /// <param name="data">Several lines become several data fields.</param>
    /// <param name="output">Where it goes.</param>
    public static void Event(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, IBufferWriter<byte> output)
    {
        Name(name, output);
        Data(data, output);
    }

    /// <summary>The line that names an event; its data must follow.</summary>
    public static void Name(ReadOnlySpan<byte> name, IBufferWriter<byte> output)
    {
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\n"u8);
    }

    /// <summary>A comment, which clients skip, so that idle connections are not cut.</summary>
    public static void KeepAlive(IBufferWriter<byte> output) => Comment("keep-alive"u8, output);

    /// <param name="text">Without line breaks.</param>
    /// <param name="output">Where it goes.</param>
    public static void Comment(ReadOnlySpan<byte> text, IBufferWriter<byte> output)
    {
        output.Write(": "u8);
        output.Write(text);
        output.Write("\n\n"u8);
    }
}
