using System.Buffers;
using System.Text;
using System.Text.Json;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Framing;

namespace Bifrost.Wire.Tests;

/// <summary>What writers wrote, and streams fed to readers.</summary>
internal static class Written
{
    public static byte[] Bytes(Action<IBufferWriter<byte>> write)
    {
        var output = new ArrayBufferWriter<byte>();
        write(output);
        return output.WrittenSpan.ToArray();
    }

    public static string Text(Action<IBufferWriter<byte>> write) => Encoding.UTF8.GetString(Bytes(write));

    public static JsonElement Json(Action<IBufferWriter<byte>> write) => JsonDocument.Parse(Bytes(write)).RootElement;

    public static RequestBytes Request(string json) => new(Encoding.UTF8.GetBytes(json), "application/json");

    /// <summary>All that a delta writer makes of the deltas, finished unless told otherwise.</summary>
    public static string Stream<T>(IDeltaWriter<T> writer, IEnumerable<T> deltas, bool finish = true) =>
        Text(output =>
        {
            foreach (var delta in deltas)
            {
                writer.Write(delta, output);
            }

            if (finish)
            {
                writer.Finish(output);
            }
        });

    public static List<T> Deltas<T>(IDeltaReader<T> reader, ReadOnlySpan<byte> stream, int pieceLength = int.MaxValue)
    {
        var deltas = new List<T>();
        while (!stream.IsEmpty)
        {
            var length = Math.Min(pieceLength, stream.Length);
            reader.Read(stream[..length], deltas);
            stream = stream[length..];
        }

        reader.End(deltas);
        return deltas;
    }

    public static List<T> Deltas<T>(IDeltaReader<T> reader, string stream) => Deltas(reader, Encoding.UTF8.GetBytes(stream));

    public static List<(string Name, string Data)> Events(string stream)
    {
        var sink = new Collector();
        Assert.True(new SseReader().Read(Encoding.UTF8.GetBytes(stream), sink));
        return sink.Events.ConvertAll(found => (found.Name, found.Data));
    }
}

internal sealed class Collector : ISseSink
{
    public List<(string Name, string Data, string Id)> Events { get; } = [];

    public List<string> Comments { get; } = [];

    public void OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ReadOnlySpan<byte> id) =>
        Events.Add((Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(data), Encoding.UTF8.GetString(id)));

    public void OnComment(ReadOnlySpan<byte> text) => Comments.Add(Encoding.UTF8.GetString(text));
}
