using System.ClientModel;
using OpenAI.Audio;

namespace Bifrost.EndToEnd.Tests.Sdk;

public sealed class AudioTests
{
    private const string Whisper = "openai/whisper";
    private const string Said =
        "This is a simulated transcript from Bifrost's demo. No audio was heard and nothing was billed. The timestamps are made up but well formed.";

    private static readonly byte[] Sound = [.. "RIFF"u8, 36, 0, 0, 0, .. "WAVEfmt "u8, 16, 0, 0, 0];

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task Whisper_writes_down_what_it_hears(string surface)
    {
        await using var stage = await Stage.StartAsync();
        var options = new AudioTranscriptionOptions
        {
            Language = "en",
            Prompt = "A demo.",
            Temperature = 0.25f,
        };

        var transcript = (
            await stage
                .Sdk(surface)
                .GetAudioClient("replicate/" + Whisper)
                .TranscribeAudioAsync(new MemoryStream(Sound), "talk.wav", options)
        ).Value;

        Assert.Equal(Said, transcript.Text);
        Assert.Equal("/v1/predictions", stage.Create.Path);
        Assert.EndsWith(
            stage.Simulator.Models.Find(Whisper)!.VersionId,
            (string?)stage.Create.Json()!["version"],
            StringComparison.Ordinal
        );
        Assert.EndsWith(";base64," + Convert.ToBase64String(Sound), (string?)stage.Input["audio"], StringComparison.Ordinal);
        Assert.Equal(
            ("en", "A demo.", 0.25),
            ((string?)stage.Input["language"], (string?)stage.Input["initial_prompt"], (double)stage.Input["temperature"]!)
        );
        Assert.Null(stage.Input["translate"]);
    }

    [Fact]
    public async Task A_verbose_transcript_has_language_duration_and_segments()
    {
        await using var stage = await Stage.StartAsync();

        var transcript = await TranscribeAsync(stage, Whisper, AudioTranscriptionFormat.Verbose);

        Assert.Equal((Said, "english", TimeSpan.FromSeconds(9)), (transcript.Text, transcript.Language, transcript.Duration));
        Assert.Equal(
            [(0.0, 3.2), (3.2, 6.4), (6.4, 9.0)],
            transcript.Segments.Select(segment => (segment.StartTime.TotalSeconds, segment.EndTime.TotalSeconds))
        );
        Assert.Equal("No audio was heard and nothing was billed.", transcript.Segments[1].Text.Trim());
        Assert.Equal([50364, 639, 307, 257], transcript.Segments[0].TokenIds.ToArray());
    }

    [Theory]
    [InlineData("srt", "1\n00:00:00,000 --> 00:00:03,200\nThis is a simulated transcript")]
    [InlineData("vtt", "WEBVTT\n\n00:00:00.000 --> 00:00:03.200\nThis is a simulated transcript")]
    [InlineData("text", "This is a simulated transcript")]
    public async Task Other_formats_come_as_text(string format, string begins)
    {
        await using var stage = await Stage.StartAsync();

        var transcript = await TranscribeAsync(stage, Whisper, new AudioTranscriptionFormat(format));

        Assert.StartsWith(begins, transcript.Text, StringComparison.Ordinal);
        Assert.Equal(format == "text" ? null : format, (string?)stage.Input["transcription"]);
    }

    [Theory]
    [MemberData(nameof(Stage.Surfaces), MemberType = typeof(Stage))]
    public async Task Whisper_translates(string surface)
    {
        await using var stage = await Stage.StartAsync();

        var translation = (
            await stage
                .Sdk(surface)
                .GetAudioClient("replicate/" + Whisper)
                .TranslateAudioAsync(
                    new MemoryStream(Sound),
                    "tal.wav",
                    new AudioTranslationOptions { ResponseFormat = AudioTranslationFormat.Verbose }
                )
        ).Value;

        Assert.Equal(Said, translation.Text);
        Assert.Equal(3, translation.Segments.Count);
        Assert.True((bool)stage.Input["translate"]!);
    }

    [Fact]
    public async Task Subtitles_are_built_for_a_model_that_writes_none()
    {
        await using var stage = await Stage.StartAsync();

        var transcript = await TranscribeAsync(stage, "vaibhavs10/incredibly-fast-whisper", AudioTranscriptionFormat.Srt);

        Assert.StartsWith("1\n00:00:00,000 --> 00:00:03,200\nThis is a simulated transcript", transcript.Text, StringComparison.Ordinal);
        Assert.Contains("3\n00:00:06,400 --> 00:00:09,000\n", transcript.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Words_have_times_where_the_model_gives_them()
    {
        await using var stage = await Stage.StartAsync();
        var options = new AudioTranscriptionOptions
        {
            ResponseFormat = AudioTranscriptionFormat.Verbose,
            TimestampGranularities = AudioTimestampGranularities.Word,
            Language = "de",
        };

        var transcript = (
            await stage
                .Sdk()
                .GetAudioClient("replicate/vaibhavs10/incredibly-fast-whisper")
                .TranscribeAudioAsync(new MemoryStream(Sound), "talk.wav", options)
        ).Value;

        Assert.Equal(("word", "german"), ((string?)stage.Input["timestamp"], (string?)stage.Input["language"]));
        Assert.Equal(3, transcript.Words.Count);
        Assert.Equal((3.2, 6.4), (transcript.Words[1].StartTime.TotalSeconds, transcript.Words[1].EndTime.TotalSeconds));
    }

    [Fact]
    public async Task A_translation_by_task_is_asked_for_in_that_models_words()
    {
        await using var stage = await Stage.StartAsync();

        await stage
            .Sdk()
            .GetAudioClient("replicate/vaibhavs10/incredibly-fast-whisper")
            .TranslateAudioAsync(new MemoryStream(Sound), "talk.wav");

        Assert.Equal("translate", (string?)stage.Input["task"]);
    }

    [Fact]
    public async Task A_streaming_model_streams_its_transcript()
    {
        await using var stage = await Stage.StartAsync();

        var updates = await StreamAsync(stage, "replicate/openai/gpt-4o-transcribe");

        var deltas = updates.OfType<StreamingAudioTranscriptionTextDeltaUpdate>().Select(update => update.Delta).ToList();
        Assert.True(deltas.Count > 10, "The transcript came in one piece.");
        Assert.Equal(Said, string.Concat(deltas));
        Assert.Equal(Said, Assert.IsType<StreamingAudioTranscriptionTextDoneUpdate>(updates[^1]).Text);
        Assert.NotNull(stage.Input["audio_file"]);
    }

    [Fact]
    public async Task A_model_that_does_not_stream_sends_its_transcript_as_one_event()
    {
        await using var stage = await Stage.StartAsync();

        var updates = await StreamAsync(stage, "replicate/" + Whisper);

        Assert.Equal(2, updates.Count);
        Assert.Equal(Said, Assert.IsType<StreamingAudioTranscriptionTextDeltaUpdate>(updates[0]).Delta);
        Assert.Equal(Said, Assert.IsType<StreamingAudioTranscriptionTextDoneUpdate>(updates[1]).Text);
    }

    [Fact]
    public async Task A_model_that_paints_does_not_write_down_speech()
    {
        await using var stage = await Stage.StartAsync();

        var error = await Assert.ThrowsAsync<ClientResultException>(() =>
            TranscribeAsync(stage, "black-forest-labs/flux-schnell", AudioTranscriptionFormat.Simple)
        );

        Assert.Equal(400, error.Status);
        Assert.Empty(stage.Creates);
    }

    [Fact]
    public async Task Long_sound_is_uploaded_to_the_account_first()
    {
        await using var stage = await Stage.StartAsync();
        var sound = new byte[300 * 1024];
        Sound.CopyTo(sound, 0);

        await stage.Sdk().GetAudioClient("replicate/" + Whisper).TranscribeAudioAsync(new MemoryStream(sound), "talk.wav");

        var upload = Assert.Single(stage.Simulator.RequestsTo("POST", "/v1/files"));
        Assert.True(upload.Body.Span.IndexOf(sound) > 0, "The upload does not hold the sound.");
        Assert.StartsWith(stage.Simulator.BaseUrl + "/files/", (string?)stage.Input["audio"], StringComparison.Ordinal);
    }

    private static async Task<AudioTranscription> TranscribeAsync(Stage stage, string model, AudioTranscriptionFormat format) =>
        (
            await stage
                .Sdk()
                .GetAudioClient("replicate/" + model)
                .TranscribeAudioAsync(new MemoryStream(Sound), "talk.wav", new AudioTranscriptionOptions { ResponseFormat = format })
        ).Value;

    private static async Task<List<StreamingAudioTranscriptionUpdate>> StreamAsync(Stage stage, string model)
    {
        var updates = new List<StreamingAudioTranscriptionUpdate>();
        await foreach (
            var update in await stage.Sdk().GetAudioClient(model).TranscribeAudioStreamingAsync(new MemoryStream(Sound), "talk.wav")
        )
        {
            updates.Add(update);
        }

        return updates;
    }
}
