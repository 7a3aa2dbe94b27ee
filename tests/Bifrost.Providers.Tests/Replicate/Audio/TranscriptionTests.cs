using System.Net;
using System.Text.Json.Nodes;

namespace Bifrost.Providers.Tests.Replicate.Audio;

public sealed class TranscriptionTests
{
    private const string Whisper = "replicate/openai/whisper";

    [Fact]
    public async Task Case_55_json_is_the_text_without_its_leading_space()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/audio/transcriptions", Form(Whisper, ("language", "en")));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var text = (string)answer.Json["text"]!;
        Assert.NotEmpty(text);
        Assert.Equal(text.Trim(), text);
        Assert.Equal("en", (string?)studio.Input["language"]);
        Assert.StartsWith("data:audio/mpeg;base64,", (string?)studio.Input["audio"]);
    }

    [Fact]
    public async Task Case_55_verbose_json_has_segments_language_and_duration()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/audio/transcriptions", Form(Whisper, ("response_format", "verbose_json")));

        var segments = answer.Json["segments"]!.AsArray();
        Assert.NotEmpty(segments);
        Assert.Equal((double)segments[^1]!["end"]!, (double)answer.Json["duration"]!);
        Assert.NotEmpty((string?)answer.Json["language"] ?? "");
    }

    [Theory]
    [InlineData("srt", "1\n00:00:0")]
    [InlineData("vtt", "WEBVTT")]
    public async Task Case_55_subtitles_come_as_such(string format, string start)
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/audio/transcriptions", Form(Whisper, ("response_format", format)));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.StartsWith(start, answer.Text.Replace("\r\n", "\n", StringComparison.Ordinal));
        Assert.Contains("-->", answer.Text, StringComparison.Ordinal);
        Assert.Equal(format, (string?)studio.Input["transcription"]);
    }

    [Fact]
    public async Task Subtitles_in_a_file_are_fetched()
    {
        await using var studio = await Studio.OpenAsync();
        const string subtitles = "1\n00:00:00,000 --> 00:00:01,000\nHello\n";
        studio
            .Simulator.Script.Model("*")
            .Output(
                new JsonObject
                {
                    ["transcription"] = "Hello",
                    ["detected_language"] = "english",
                    ["segments"] = new JsonArray(),
                    ["srt_file"] = "data:text/plain;base64," + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(subtitles)),
                }
            );

        var answer = await studio.PostAsync("/v1/audio/transcriptions", Form(Whisper, ("response_format", "srt")));

        Assert.Equal(subtitles.Trim(), answer.Text.Trim());
    }

    [Fact]
    public async Task A_translation_is_read_from_its_own_field()
    {
        await using var studio = await Studio.OpenAsync();
        studio
            .Simulator.Script.Model("*")
            .Output(
                new JsonObject
                {
                    ["transcription"] = " Hallo",
                    ["translation"] = " Hello",
                    ["detected_language"] = "german",
                    ["segments"] = new JsonArray(),
                }
            );

        var answer = await studio.PostAsync("/v1/audio/translations", Form(Whisper));

        Assert.Equal("Hello", (string?)answer.Json["text"]);
        Assert.True((bool)studio.Input["translate"]!);
    }

    [Fact]
    public async Task Words_come_from_chunks()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync(
            "/v1/audio/transcriptions",
            Form("replicate/vaibhavs10/incredibly-fast-whisper", ("response_format", "verbose_json"), ("timestamp_granularities[]", "word"))
        );

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("word", (string?)studio.Input["timestamp"]);
        var words = answer.Json["words"]!.AsArray();
        Assert.NotEmpty(words);
        Assert.True((double)words[^1]!["end"]! >= (double)words[0]!["start"]!);
    }

    [Fact]
    public async Task A_model_that_streams_is_streamed()
    {
        await using var studio = await Studio.OpenAsync();
        studio
            .Simulator.Script.Model("openai/gpt-4o-transcribe")
            .Output(new JsonArray("Hel", "lo ", "you"))
            .Streams(script => script.Outputs("Hel", "lo ", "you").Done());

        var answer = await studio.PostAsync("/v1/audio/transcriptions", Form("replicate/openai/gpt-4o-transcribe", ("stream", "true")));

        Assert.Equal("text/event-stream", answer.ContentType);
        Assert.Equal(3, answer.Text.Split("\"transcript.text.delta\"").Length - 1);
        Assert.Contains("\"Hello you\"", answer.Text, StringComparison.Ordinal);
        Assert.Null(Assert.Single(studio.Creates).Header("Prefer"));
    }

    [Fact]
    public async Task A_model_that_does_not_stream_gives_one_piece()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/audio/transcriptions", Form(Whisper, ("stream", "true")));

        Assert.Equal("text/event-stream", answer.ContentType);
        Assert.Equal(1, answer.Text.Split("\"transcript.text.delta\"").Length - 1);
        Assert.Equal(1, answer.Text.Split("\"transcript.text.done\"").Length - 1);
    }

    [Fact]
    public async Task A_long_recording_is_uploaded_first()
    {
        await using var studio = await Studio.OpenAsync();

        var answer = await studio.PostAsync("/v1/audio/transcriptions", Form(Whisper, new byte[400_000]));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Single(studio.Simulator.RequestsTo("POST", "/v1/files"));
        Assert.Contains("/v1/files/", (string?)studio.Input["audio"], StringComparison.Ordinal);
    }

    private static MultipartFormDataContent Form(string model, params (string Name, string Value)[] fields) =>
        Form(model, [1, 2, 3, 4], fields);

    private static MultipartFormDataContent Form(string model, byte[] sound, params (string Name, string Value)[] fields) =>
        Studio.Form([("model", model), .. fields]).With("file", sound, "speech.mp3", "audio/mpeg");
}
