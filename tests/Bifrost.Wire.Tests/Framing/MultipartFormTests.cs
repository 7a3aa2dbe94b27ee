using System.Text;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Framing;

namespace Bifrost.Wire.Tests.Framing;

public sealed class MultipartFormTests
{
    [Fact]
    public void Fields_and_files_are_ranges_into_the_body()
    {
        var bytes = Forms.Raw(
            """
            --line
            Content-Disposition: form-data; name="model"

            openai/gpt-image-1
            --line
            Content-Disposition: form-data; name="image[]"; filename="a.png"
            Content-Type: image/png

            PNG
            --line--

            """
        );

        var form = Parsed(bytes);

        Assert.Equal(2, form.Parts.Count);
        Assert.True(form.TryFind("model", out var model));
        Assert.Equal("openai/gpt-image-1", Encoding.UTF8.GetString(bytes.Body.Span.Slice(model.Start, model.Length)));
        Assert.False(model.IsFile);
        var picture = form.Parts[1];
        Assert.Equal(("image[]", "a.png", "image/png"), (picture.Name, picture.FileName, picture.ContentType));
        Assert.Equal("PNG"u8, form.Content(picture).Span);
    }

    [Fact]
    public void Unquoted_names_and_a_quoted_boundary_are_read_as_the_dotnet_client_sends_them()
    {
        var form = Parsed(
            Forms.Raw(
                """
                --7d1f-aa
                Content-Type: text/plain; charset=utf-8
                Content-Disposition: form-data; name=model

                whisper
                --7d1f-aa
                Content-Disposition: form-data; name=file; filename=audio.mp3; filename*=utf-8''audio.mp3

                ID3
                --7d1f-aa--

                """,
                "multipart/form-data; boundary=\"7d1f-aa\""
            )
        );

        Assert.Equal("model", form.Parts[0].Name);
        Assert.Equal(("file", "audio.mp3"), (form.Parts[1].Name, form.Parts[1].FileName));
    }

    [Fact]
    public async Task What_the_framework_itself_sends_is_read()
    {
        using var content = new MultipartFormDataContent("gateway boundary");
        content.Add(new StringContent("whisper"), "model");
        content.Add(new ByteArrayContent([1, 2, 3]), "file", "größe 1.mp3");
        var body = await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

        var form = Parsed(new RequestBytes(body, content.Headers.ContentType?.ToString()));

        Assert.Equal(["model", "file"], form.Parts.Select(part => part.Name));
        Assert.Equal("größe 1.mp3", form.Parts[1].FileName);
        Assert.Equal([1, 2, 3], form.Content(form.Parts[1]).ToArray());
    }

    [Fact]
    public void The_extended_file_name_wins_over_the_plain_one()
    {
        var form = Parsed(OnePart("name=\"file\"; filename=\"e.txt\"; filename*=UTF-8''%C3%A9%20%E2%82%AC.txt"));

        Assert.Equal("é €.txt", form.Parts[0].FileName);
    }

    [Theory]
    [InlineData("name=\"a\\\"b\"; filename=\"x\"", "a\"b")]
    [InlineData("name=\"semi;colon=x\"; filename=\"x\"", "semi;colon=x")]
    [InlineData("filename=x; name = spaced", "spaced")]
    [InlineData("NAME=\"upper\"", "upper")]
    [InlineData("stray; name=late", "late")]
    public void Parameters_are_read_tolerantly(string parameters, string name)
    {
        Assert.Equal(name, Parsed(OnePart(parameters)).Parts[0].Name);
    }

    [Theory]
    [InlineData("C:\\fakepath\\a b.png", "a b.png")]
    [InlineData("/etc/passwd", "passwd")]
    [InlineData("plain.png", "plain.png")]
    [InlineData("", "")]
    public void The_bare_file_name_has_no_path(string sent, string bare)
    {
        Assert.Equal(bare, Parsed(OnePart($"name=f; filename=\"{sent}\"")).Parts[0].BareFileName);
    }

    [Fact]
    public void Text_before_the_first_and_after_the_last_boundary_is_skipped()
    {
        var form = Parsed(
            Forms.Raw("preamble --line not it\n--line\nContent-Disposition: form-data; name=a\n\n1\n--line--\nepilogue\n--line\n")
        );

        Assert.Single(form.Parts);
    }

    [Fact]
    public void Bare_line_feeds_are_accepted_when_the_first_boundary_uses_them()
    {
        var form = Parsed(
            new RequestBytes("--line\nContent-Disposition: form-data; name=a\n\none\r\n--line--"u8.ToArray(), Forms.ContentType)
        );

        Assert.Equal("one\r"u8, form.Content(form.Parts[0]).Span);
    }

    [Fact]
    public void Binary_content_may_hold_line_feeds_and_near_boundaries()
    {
        byte[] content = [.. "\n--line\n\r\n--lin\r\n--lineage\r\n\r\r\n"u8, 0, 255];

        var form = Parsed(Forms.WithFile("f", "f", "application/octet-stream", content));

        Assert.Equal(content, form.Content(form.Parts[0]).ToArray());
    }

    [Fact]
    public void Padding_after_a_boundary_is_allowed()
    {
        Assert.Single(Parsed(Forms.Raw("--line \t\nContent-Disposition: form-data; name=a\n\n1\n--line-- \n")).Parts);
    }

    [Fact]
    public void Content_may_be_empty_with_or_without_its_own_line_end()
    {
        var form = Parsed(
            Forms.Raw("--line\nContent-Disposition: form-data; name=a\n\n\n--line\nContent-Disposition: form-data; name=b\n\n--line--\n")
        );

        Assert.Equal(2, form.Parts.Count);
        Assert.All(form.Parts, part => Assert.Equal(0, part.Length));
    }

    [Fact]
    public void A_form_may_have_no_parts()
    {
        Assert.Empty(Parsed(Forms.Raw("--line--\n")).Parts);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("application/json")]
    [InlineData("multipart/form-data")]
    [InlineData("multipart/form-data; boundary=")]
    [InlineData("multipart/form-data; boundary=\"\"")]
    [InlineData("multipart/form-data; charset=utf-8")]
    public void A_content_type_without_boundary_is_a_fault(string? contentType)
    {
        AssertBroken(new RequestBytes("--line--"u8.ToArray(), contentType), "orm");
    }

    [Theory]
    [InlineData("", "does not occur")]
    [InlineData("--other--", "does not occur")]
    [InlineData("--line\n", "inside the headers")]
    [InlineData("--line\nContent-Disposition: form-data; name=\"up\"", "inside the headers")]
    [InlineData("--line\nContent-Disposition: form-data; name=\"up\"\n\ncut off", "inside the form field \"up\"")]
    [InlineData("--line\nContent-Disposition: form-data; name=\"up\"\n\ncut off\n--line", "inside the form field \"up\"")]
    [InlineData("--line\nContent-Disposition: form-data\n\nx\n--line--", "has no name")]
    [InlineData("--line\nContent-Disposition: form-data; name=\"\"\n\nx\n--line--", "has no name")]
    [InlineData("--line\n\nx\n--line--", "has no name")]
    public void A_broken_body_is_a_fault_that_says_where(string body, string message)
    {
        AssertBroken(Forms.Raw(body), message);
    }

    [Fact]
    public void A_thousand_parts_are_read_and_one_more_is_refused()
    {
        static RequestBytes Many(int count) => Forms.Of([.. Enumerable.Repeat(("a", "1"), count)]);

        Assert.Equal(MultipartForm.MaxParts, Parsed(Many(MultipartForm.MaxParts)).Parts.Count);
        AssertBroken(Many(MultipartForm.MaxParts + 1), "more than 1000");
    }

    [Fact]
    public void Endless_headers_are_refused()
    {
        AssertBroken(Forms.Raw($"--line\nX: {new string('x', 20_000)}\n\nx\n--line--"), "16 KiB");
    }

    private static RequestBytes OnePart(string parameters) =>
        Forms.Raw($"--line\ncontent-disposition:form-data; {parameters}\n\nx\n--line--\n");

    private static MultipartForm Parsed(RequestBytes bytes)
    {
        var outcome = MultipartForm.Parse(bytes.Body, bytes.ContentType);
        Assert.Null(outcome.Fault);
        return outcome.Value!;
    }

    private static void AssertBroken(RequestBytes bytes, string message)
    {
        var fault = MultipartForm.Parse(bytes.Body, bytes.ContentType).Fault;
        Assert.NotNull(fault);
        Assert.Equal("invalid_multipart", fault.Code);
        Assert.Contains(message, fault.Message, StringComparison.Ordinal);
    }
}
