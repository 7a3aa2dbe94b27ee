using Bifrost.Wire.Canonical.Files;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIFiles;

namespace Bifrost.Wire.Tests.Dialects.OpenAIFiles;

public sealed class FilesTests
{
    private static readonly StoredFile Stored = new()
    {
        Id = "file-1",
        Bytes = 12,
        CreatedAt = DateTimeOffset.FromUnixTimeSeconds(50),
        Name = "a.jsonl",
        Purpose = "batch",
    };

    [Fact]
    public void An_upload_is_read()
    {
        var upload = Read(
            Forms.WithFile(
                "file",
                "dir/a.jsonl",
                "application/jsonl",
                [7, 8],
                ("purpose", "batch"),
                ("expires_after[anchor]", "created_at"),
                ("expires_after[seconds]", "7200"),
                ("provider", "replicate")
            )
        );

        Assert.Equal(("a.jsonl", "application/jsonl", "batch"), (upload.Name, upload.ContentType, upload.Purpose));
        Assert.Equal([7, 8], upload.Bytes.ToArray());
        Assert.Equal((7200L, "replicate"), (upload.ExpiresAfterSeconds, upload.Provider));
    }

    [Fact]
    public void An_upload_as_the_dotnet_sdk_sends_it_is_read()
    {
        var upload = Read(
            Forms.Raw(
                """
                --b0
                Content-Disposition: form-data; name=file; filename="my notes.txt"; filename*=utf-8''my%20notes.txt

                text
                --b0
                Content-Type: text/plain; charset=utf-8
                Content-Disposition: form-data; name=purpose

                user_data
                --b0--

                """,
                "multipart/form-data; boundary=\"b0\""
            )
        );

        Assert.Equal(("my notes.txt", "application/octet-stream", "user_data"), (upload.Name, upload.ContentType, upload.Purpose));
    }

    [Fact]
    public void The_model_says_where_a_file_goes_unless_the_provider_does()
    {
        Assert.Equal("replicate/x", Read(Forms.WithFile("file", "a", "a/b", [], ("purpose", "x"), ("model", "replicate/x"))).Provider);
        Assert.Equal("p", Read(Forms.WithFile("file", "a", "a/b", [], ("purpose", "x"), ("model", "m"), ("provider", "p"))).Provider);
        Assert.Null(Read(Forms.WithFile("file", "a", "a/b", [], ("purpose", "x"))).Provider);
    }

    [Fact]
    public void Mistakes_name_their_field()
    {
        Assert.Equal("purpose", Fault(Forms.WithFile("file", "a", "a/b", [1])));
        Assert.Equal("file", Fault(Forms.Of(("purpose", "x"))));
        Assert.Equal("file", Fault(Forms.Of(("purpose", "x"), ("file", "not a file"))));
        Assert.Equal("file", Fault(Forms.WithFile("file", "", "a/b", [1], ("purpose", "x"))));
        Assert.Equal("file", Fault(Forms.WithFile("file", new string('ü', 128), "a/b", [1], ("purpose", "x"))));
        Assert.Equal("other", Fault(Forms.WithFile("other", "a", "a/b", [1], ("purpose", "x"))));
        Assert.Equal("file", Fault(Forms.WithFiles([("file", "a", "a/b", [1]), ("file", "b", "a/b", [1])], ("purpose", "x"))));
        Assert.Equal(
            "expires_after.seconds",
            Fault(Forms.WithFile("file", "a", "a/b", [1], ("purpose", "x"), ("expires_after[seconds]", "5")))
        );
        Assert.Equal(
            "expires_after.seconds",
            Fault(Forms.WithFile("file", "a", "a/b", [1], ("purpose", "x"), ("expires_after[anchor]", "created_at")))
        );
        Assert.Equal(
            "expires_after.anchor",
            Fault(Forms.WithFile("file", "a", "a/b", [1], ("purpose", "x"), ("expires_after", """{"anchor":"now","seconds":3600}""")))
        );
    }

    [Fact]
    public void Json_is_refused_with_advice()
    {
        var fault = OpenAIFilesDialect.Instance.ReadRequest(Forms.Json("{}")).Fault;

        Assert.Contains("multipart/form-data", fault?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_object_is_written()
    {
        Assert.Equal(
            """{"id":"file-1","object":"file","bytes":12,"created_at":50,"filename":"a.jsonl","purpose":"batch","status":"processed"}""",
            Forms.Written(output => OpenAIFilesDialect.Instance.WriteReply(Stored, null, output))
        );
    }

    [Fact]
    public void An_end_of_life_is_written_when_there_is_one()
    {
        var file = Forms.WrittenJson(output =>
            OpenAIFilesDialect.Instance.WriteReply(Stored with { ExpiresAt = DateTimeOffset.FromUnixTimeSeconds(90) }, null, output)
        );

        Assert.Equal(90, file.GetProperty("expires_at").GetInt64());
    }

    [Fact]
    public void A_page_names_its_ends_and_what_follows()
    {
        var page = Forms.WrittenJson(output =>
            OpenAIFilesDialect.Instance.WriteReply(new FilePage([Stored, Stored with { Id = "file-2" }], true, "next"), null, output)
        );

        Assert.Equal("list", page.GetProperty("object").GetString());
        Assert.Equal(("file-1", "file-2"), (page.GetProperty("first_id").GetString(), page.GetProperty("last_id").GetString()));
        Assert.True(page.GetProperty("has_more").GetBoolean());
        Assert.Equal("next", page.GetProperty("after").GetString());
    }

    [Fact]
    public void A_deletion_is_confirmed()
    {
        Assert.Equal(
            """{"id":"file-1","object":"file","deleted":true}""",
            Forms.Written(output => OpenAIFilesDialect.Instance.WriteReply(new FileDeleted("file-1"), null, output))
        );
    }

    private static string? Fault(RequestBytes body) => OpenAIFilesDialect.Instance.ReadRequest(body).Fault?.Param;

    private static FileUpload Read(RequestBytes body)
    {
        var outcome = OpenAIFilesDialect.Instance.ReadRequest(body);
        Assert.Null(outcome.Fault);
        return outcome.Value!;
    }
}
