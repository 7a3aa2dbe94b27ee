using Bifrost.Wire.Framing;

namespace Bifrost.Wire.Tests.Framing;

public sealed class SseWriterTests
{
    [Fact]
    public void Data_is_one_line() => Assert.Equal("data: {}\n\n", Written.Text(output => SseWriter.Data("{}"u8, output)));

    [Fact]
    public void Data_of_several_lines_is_several_fields()
    {
        var text = Written.Text(output => SseWriter.Data("a\r\n\nb\rc"u8, output));
        Assert.Equal("data: a\ndata: \ndata: b\ndata: c\n\n", text);
        Assert.Equal([("", "a\n\nb\nc")], Written.Events(text));
    }

    [Fact]
    public void A_name_goes_before_the_data() =>
        Assert.Equal("event: error\ndata: {}\n\n", Written.Text(output => SseWriter.Event("error"u8, "{}"u8, output)));

    [Fact]
    public void Keep_alive_is_a_comment() => Assert.Equal(": keep-alive\n\n", Written.Text(SseWriter.KeepAlive));
}
