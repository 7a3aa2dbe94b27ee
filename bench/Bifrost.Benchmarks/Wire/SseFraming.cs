using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text;
using BenchmarkDotNet.Attributes;
using Bifrost.Wire.Framing;

namespace Bifrost.Benchmarks.Wire;

/// <summary>What it costs to cut a prediction's event stream apart and to frame chunks, per 64 events.</summary>
[MemoryDiagnoser]
public class SseFraming
{
    private const int Events = 64;
    private readonly ArrayBufferWriter<byte> _output = new(64 * 1024);
    private readonly Count _count = new();
    private byte[] _stream = [];

    /// <summary>Bytes of each read from the socket.</summary>
    [Params(100, 4096)]
    public int Read { get; set; }

    /// <summary>Builds the stream.</summary>
    [GlobalSetup]
    public void Build()
    {
        var text = new StringBuilder();
        for (var i = 0; i < Events; i++)
        {
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"event: output\nid: 1700000000:{i}\ndata:  token{i}\n\n");
        }

        _stream = Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>The events reported.</summary>
    [Benchmark]
    public int ReadEvents()
    {
        _count.Events = 0;
        var reader = new SseReader();
        for (var at = 0; at < _stream.Length; at += Read)
        {
            reader.Read(_stream.AsSpan(at, Math.Min(Read, _stream.Length - at)), _count);
        }

        return _count.Events;
    }

    /// <summary>The runtime's own parser, which reads from a stream and decodes the text.</summary>
    [Benchmark(Baseline = true)]
    public int ReadEventsWithSseParser()
    {
        var events = 0;
        using var stream = new MemoryStream(_stream);
        foreach (var _ in SseParser.Create(stream).Enumerate())
        {
            events++;
        }

        return events;
    }

    /// <summary>The bytes written.</summary>
    [Benchmark]
    public int WriteEvents()
    {
        _output.ResetWrittenCount();
        for (var i = 0; i < Events; i++)
        {
            SseWriter.Data(
                """{"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":" token"}}]}"""u8,
                _output
            );
        }

        return _output.WrittenCount;
    }

    private sealed class Count : ISseSink
    {
        public int Events { get; set; }

        public void OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ReadOnlySpan<byte> id) => Events++;

        public void OnComment(ReadOnlySpan<byte> text) { }
    }
}
