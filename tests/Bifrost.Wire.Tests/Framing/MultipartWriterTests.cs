using System.Buffers;
using System.Text;
using Bifrost.Wire.Framing;

namespace Bifrost.Wire.Tests.Framing;

public sealed class MultipartWriterTests
{
    [Fact]
    public void A_form_is_written_byte_for_byte_as_published()
    {
        var written = Forms.Written(output =>
        {
            var writer = new MultipartWriter(output, "b");
            writer.Field("type", "image/png");
            writer.Field("metadata", "application/json", "{}"u8);
            writer.File("content", "a \"b\".png", "image/png", "PNG"u8);
            writer.Finish();
        });

        Assert.Equal(
            """
            --b
            Content-Disposition: form-data; name="type"

            image/png
            --b
            Content-Disposition: form-data; name="metadata"
            Content-Type: application/json

            {}
            --b
            Content-Disposition: form-data; name="content"; filename="a %22b%22.png"
            Content-Type: image/png

            PNG
            --b--

            """.ReplaceLineEndings("\r\n"),
            written
        );
    }

    [Fact]
    public void Line_breaks_cannot_be_smuggled_into_headers()
    {
        var written = Forms.Written(output =>
        {
            var writer = new MultipartWriter(output, "b");
            writer.BeginFile("na\r\nme", "fi\nle", "text/plain\r\nX-Evil: 1");
        });

        Assert.DoesNotContain("\nX-Evil", written, StringComparison.Ordinal);
        Assert.Contains("name=\"na%0D%0Ame\"; filename=\"fi%0Ale\"", written, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new MultipartWriter(output, MultipartWriter.FreshBoundary());
        writer.BeginFile("content", "größe.bin", "application/octet-stream");
        output.Write((ReadOnlySpan<byte>)[0, 13, 10, 45, 45, 255]);
        writer.EndFile();
        writer.Finish();

        var form = MultipartForm.Parse(output.WrittenMemory, writer.ContentType).Value!;

        Assert.Equal("größe.bin", form.Parts[0].FileName);
        Assert.Equal([0, 13, 10, 45, 45, 255], form.Content(form.Parts[0]).ToArray());
    }

    [Fact]
    public void Fresh_boundaries_differ()
    {
        Assert.NotEqual(MultipartWriter.FreshBoundary(), MultipartWriter.FreshBoundary());
        Assert.InRange(Encoding.ASCII.GetByteCount(MultipartWriter.FreshBoundary()), 16, 70);
    }
}
