using System.Text.Json;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Dialects;
using Bifrost.Wire.Dialects.OpenAIAudio;

namespace Bifrost.Wire.Tests.Dialects.OpenAIAudio;

public sealed class TranscriptionRequestTests
{
    [Fact]
    public void Every_field_is_read()
    {
        var request = Read(
            With(
                ("model", "whisper-1"),
                ("language", "de"),
                ("prompt", "42"),
                ("response_format", "verbose_json"),
                ("temperature", "0.2"),
                ("timestamp_granularities[]", "word"),
                ("timestamp_granularities[]", "segment"),
                ("stream", "true"),
                ("include[]", "logprobs"),
                ("vad", "0.5")
            )
        );

        Assert.Equal(("whisper-1", "de", "42"), (request.Model, request.Language, request.Prompt));
        Assert.Equal((TranscriptFormat.VerboseJson, 0.2, true), (request.Format, request.Temperature, request.Streams));
        Assert.Equal(["word", "segment"], request.Granularities);
        Assert.Equal(["include", "vad"], request.Extensions.Fields.Select(field => field.Key));
        Assert.Equal(JsonValueKind.Array, request.Extensions.Fields[0].Value.ValueKind);
        Assert.Equal([1, 2], request.File.Bytes.ToArray());
        Assert.False(request.Translates);
    }

    [Fact]
    public void A_form_as_the_dotnet_sdk_sends_it_is_read()
    {
        var request = Read(
            Forms.Raw(
                """
                --x1
                Content-Disposition: form-data; name=file; filename=talk.m4a; filename*=utf-8''talk.m4a

                sound
                --x1
                Content-Type: text/plain; charset=utf-8
                Content-Disposition: form-data; name=model

                whisper-1
                --x1
                Content-Type: text/plain; charset=utf-8
                Content-Disposition: form-data; name="timestamp_granularities[]"

                word
                --x1--

                """,
                "multipart/form-data; boundary=\"x1\""
            )
        );

        Assert.Equal(("audio/mp4", "talk.m4a"), (request.File.MediaType, request.File.FileName));
        Assert.Equal(["word"], request.Granularities);
    }

    [Theory]
    [InlineData(null, TranscriptFormat.Json)]
    [InlineData("json", TranscriptFormat.Json)]
    [InlineData("text", TranscriptFormat.Text)]
    [InlineData("srt", TranscriptFormat.Srt)]
    [InlineData("vtt", TranscriptFormat.Vtt)]
    [InlineData("verbose_json", TranscriptFormat.VerboseJson)]
    public void Every_format_is_known(string? word, TranscriptFormat format)
    {
        Assert.Equal(format, Read(word is null ? With(("model", "m")) : With(("model", "m"), ("response_format", word))).Format);
    }

    [Fact]
    public void The_translation_sibling_translates()
    {
        Assert.True(OpenAITranslationDialect.Instance.ReadRequest(With(("model", "m"))).Value?.Translates);
    }

    [Fact]
    public void A_declared_type_is_kept_and_a_missing_one_follows_the_name()
    {
        Assert.Equal("audio/x-own", Read(Forms.WithFile("file", "a.mp3", "audio/x-own", [1], ("model", "m"))).File.MediaType);
        Assert.Equal("audio/mpeg", Read(Forms.WithFile("file", "a.MP3", "application/octet-stream", [1], ("model", "m"))).File.MediaType);
    }

    [Fact]
    public void Mistakes_name_their_field()
    {
        Assert.Equal("file", Fault(Forms.Of(("model", "m"))));
        Assert.Equal("file", Fault(Forms.WithFile("file", "a", "audio/mpeg", [], ("model", "m"))));
        Assert.Equal("model", Fault(With()));
        Assert.Equal("response_format", Fault(With(("model", "m"), ("response_format", "pdf"))));
        Assert.Equal("temperature", Fault(With(("model", "m"), ("temperature", "2"))));
        Assert.Equal("timestamp_granularities", Fault(With(("model", "m"), ("timestamp_granularities[]", "letter"))));
    }

    private static RequestBytes With(params (string, string)[] fields) => Forms.WithFile("file", "a.mp3", "audio/mpeg", [1, 2], fields);

    private static string? Fault(RequestBytes body) => OpenAITranscriptionDialect.Instance.ReadRequest(body).Fault?.Param;

    private static TranscriptionRequest Read(RequestBytes body)
    {
        var outcome = OpenAITranscriptionDialect.Instance.ReadRequest(body);
        Assert.Null(outcome.Fault);
        return outcome.Value!;
    }
}
