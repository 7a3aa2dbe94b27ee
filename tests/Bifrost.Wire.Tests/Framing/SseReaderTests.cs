using System.Text;
using Bifrost.Wire.Framing;

namespace Bifrost.Wire.Tests.Framing;

public sealed class SseReaderTests
{
    private static Collector Read(string stream, int pieceLength = int.MaxValue)
    {
        var sink = new Collector();
        var reader = new SseReader();
        var bytes = Encoding.UTF8.GetBytes(stream).AsSpan();
        while (!bytes.IsEmpty)
        {
            var length = Math.Min(pieceLength, bytes.Length);
            Assert.True(reader.Read(bytes[..length], sink));
            bytes = bytes[length..];
        }

        return sink;
    }

    [Theory]
    [InlineData("data: a\n\ndata: b\n\n")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n")]
    [InlineData("data: a\r\rdata: b\r\r")]
    [InlineData("\uFEFFdata: a\n\ndata:b\n\n")]
    [InlineData("data: a\r\n\ndata: b\n\r\n")]
    public void All_line_ends_mean_the_same(string stream) => Assert.Equal([("", "a", ""), ("", "b", "")], Read(stream).Events);

    [Fact]
    public void Only_one_space_after_the_colon_is_dropped() => Assert.Equal("  a ", Read("data:   a \n\n").Events[0].Data);

    [Fact]
    public void Data_lines_are_joined_and_empty_ones_kept() =>
        Assert.Equal("a\n\nb\n", Read("data: a\ndata\ndata: b\ndata:\n\n").Events[0].Data);

    [Fact]
    public void An_event_with_one_empty_data_line_is_an_event() => Assert.Equal([("", "", "")], Read("data:\n\n").Events);

    [Fact]
    public void An_event_without_data_is_none_and_its_name_is_forgotten() =>
        Assert.Equal([("", "a", "")], Read("event: x\n\ndata: a\n\n").Events);

    [Fact]
    public void The_id_stays_until_another_comes() =>
        Assert.Equal(
            [("", "a", "1"), ("y", "b", "1"), ("", "c", "")],
            Read("id: 1\ndata: a\n\nevent: y\nid: 2\0\ndata: b\n\nid\ndata: c\n\n").Events
        );

    [Fact]
    public void Comments_are_reported_and_unknown_fields_are_not()
    {
        var read = Read(": keep-alive\n:\nfoo: bar\ndata: a\n\n");
        Assert.Equal(["keep-alive", ""], read.Comments);
        Assert.Single(read.Events);
    }

    [Fact]
    public void The_retry_time_is_kept_when_it_is_digits()
    {
        var reader = new SseReader();
        reader.Read("retry: 1500\nretry: soon\n"u8, new Collector());
        Assert.Equal(TimeSpan.FromSeconds(1.5), reader.Retry);
    }

    [Theory]
    [InlineData("data: a\n")]
    [InlineData("data: a")]
    public void An_unfinished_event_is_not_reported(string stream) => Assert.Empty(Read(stream).Events);

    [Fact]
    public void Any_chunking_gives_the_same_events()
    {
        const string stream = "\uFEFF: hi\r\nevent: é😀\r\ndata: a\rdata: b\n\nid: 7\r\n\r\ndata: c\r\n\r\n\n\ndata\n\n";
        var whole = Read(stream);
        for (var length = 1; length < 40; length++)
        {
            var cut = Read(stream, length);
            Assert.Equal(whole.Events, cut.Events);
            Assert.Equal(whole.Comments, cut.Comments);
        }
    }

    [Theory]
    [InlineData("data: 0123456789012345678901234567890\n\n")]
    [InlineData("data: 0123456789\ndata: 0123456789\ndata: 0123456789\n\n")]
    public void What_passes_the_limit_is_reported_once_and_for_all(string stream)
    {
        var reader = new SseReader(limit: 30);
        var sink = new Collector();
        Assert.False(reader.Read(Encoding.UTF8.GetBytes(stream), sink));
        Assert.True(reader.Overflowed);
        Assert.False(reader.Read("data: a\n\n"u8, sink));
        Assert.Empty(sink.Events);
    }

    [Fact]
    public void A_long_line_in_pieces_passes_the_limit_too()
    {
        var reader = new SseReader(limit: 30);
        var sink = new Collector();
        Assert.True(reader.Read("data: 0123456789"u8, sink));
        Assert.False(reader.Read("0123456789012345"u8, sink));
    }

    [Fact]
    public void An_event_of_several_megabytes_is_read()
    {
        var data = new string('x', 8_000_000);
        Assert.Equal(data, Read($"data: {data}\n\n", pieceLength: 65_536).Events[0].Data);
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        string[] samples = ["data: a\n\nevent: x\r\ndata: b\r\n\r\n: c\rid: 1\rretry: 9\r\r", "\uFEFFdata\ndata:\n\n\n"];
        Fuzz.Run(samples, bytes => new SseReader(limit: 100).Read(bytes, new Collector()));
    }
}
