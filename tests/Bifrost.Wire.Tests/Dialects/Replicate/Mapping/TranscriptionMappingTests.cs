using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Mapping;

public class TranscriptionMappingTests
{
    private const string Whisper = "openai/whisper";
    private const string Fast = "vaibhavs10/incredibly-fast-whisper";
    private const string Gpt = "openai/gpt-4o-transcribe";

    [Theory]
    [InlineData(Whisper, "audio")]
    [InlineData(Fast, "audio")]
    [InlineData(Gpt, "audio_file")]
    public void The_sound_goes_by_the_models_name_for_it(string model, string name)
    {
        var mapped = Asked.Good(Asked.Speech(model, Asked.Sound));
        Assert.Equal(name, Assert.Single(mapped.Slots).Input);
        Assert.Equal($"upload:{name}", (string?)Asked.Input(mapped)[name]);
    }

    [Theory]
    [InlineData(Whisper, "en", "en")]
    [InlineData(Whisper, "German", "German")]
    [InlineData(Whisper, "pt-BR", "pt")]
    [InlineData(Fast, "en", "english")]
    [InlineData(Fast, "German", "german")]
    [InlineData(Gpt, "en", "en")]
    [InlineData(Gpt, "german", "de")]
    public void Case_55_languages_are_spelled_as_the_model_does(string model, string asked, string sent)
    {
        var mapped = Asked.Speech(model, Asked.Sound with { Language = asked }, Asked.Strict);
        Assert.Equal(sent, (string?)Asked.Input(mapped)["language"]);
    }

    [Theory]
    [InlineData(Whisper, "auto")]
    [InlineData(Fast, "None")]
    public void Case_55_a_language_that_nobody_knows_is_left_to_the_model(string model, string sent)
    {
        var mapped = Asked.Speech(model, Asked.Sound with { Language = "tlh" });
        Assert.Equal(sent, (string?)Asked.Input(mapped)["language"]);
        Assert.True(Asked.Noted(mapped, "language", NoteKind.Changed));
    }

    [Theory]
    [InlineData(TranscriptFormat.Srt, "srt")]
    [InlineData(TranscriptFormat.Vtt, "vtt")]
    [InlineData(TranscriptFormat.Json, null)]
    [InlineData(TranscriptFormat.VerboseJson, null)]
    public void Case_55_subtitles_are_asked_of_whisper(TranscriptFormat format, string? sent) =>
        Assert.Equal(sent, (string?)Asked.Input(Asked.Speech(Whisper, Asked.Sound with { Format = format }))["transcription"]);

    [Fact]
    public void Subtitles_that_the_gateway_builds_are_no_loss() =>
        Assert.Empty(Asked.Good(Asked.Speech(Gpt, Asked.Sound with { Format = TranscriptFormat.Srt }, Asked.Strict)).Warnings);

    [Fact]
    public void A_prompt_goes_by_the_models_name_for_it()
    {
        var sound = Asked.Sound with { Prompt = "Names: Bifrost." };
        Assert.Equal("Names: Bifrost.", (string?)Asked.Input(Asked.Speech(Whisper, sound))["initial_prompt"]);
        Assert.Equal("Names: Bifrost.", (string?)Asked.Input(Asked.Speech(Gpt, sound))["prompt"]);
        Assert.True(Asked.Noted(Asked.Speech(Fast, sound), "prompt", NoteKind.Dropped));
    }

    [Fact]
    public void Translations_go_by_the_models_switch()
    {
        var sound = Asked.Sound with { Translates = true };
        Assert.True((bool?)Asked.Input(Asked.Speech(Whisper, sound))["translate"]);
        Assert.Equal("translate", (string?)Asked.Input(Asked.Speech(Fast, sound))["task"]);
        Assert.Equal(FaultKind.UnsupportedOperation, Asked.Bad(Asked.Speech(Gpt, sound)).Kind);
    }

    [Fact]
    public void Times_of_words_come_only_from_models_that_know_them()
    {
        var sound = Asked.Sound with { Granularities = ["word"] };
        Assert.Equal("word", (string?)Asked.Input(Asked.Speech(Fast, sound))["timestamp"]);
        Assert.True(Asked.Noted(Asked.Speech(Whisper, sound), "timestamp_granularities", NoteKind.Dropped));
        Assert.Equal("timestamp_granularities", Asked.Bad(Asked.Speech(Whisper, sound, Asked.Strict)).Param);
    }

    [Theory]
    [InlineData("deepseek-ai/deepseek-r1")]
    [InlineData("black-forest-labs/flux-schnell")]
    public void Other_models_write_down_no_speech(string model) =>
        Assert.Equal(FaultKind.UnsupportedOperation, Asked.Bad(Asked.Speech(model, Asked.Sound)).Kind);
}
