using System.Text;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Dialects.OpenAIAudio;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.OpenAIAudio;

public sealed class TranscriptTests
{
    private static readonly Transcript Spoken = new()
    {
        Text = " Hello there. Bye.",
        Language = "english",
        Duration = 3725.5,
        Segments = [new Segment(0, 0, 1.5, " Hello there."), new Segment(1, 3600, 3725.5, " Bye --> now\n\nreally")],
    };

    [Fact]
    public void Json_has_the_trimmed_text_and_the_length()
    {
        Assert.Equal("""{"text":"Hello there. Bye.","usage":{"type":"duration","seconds":3726}}""", Written(Spoken, TranscriptFormat.Json));
    }

    [Fact]
    public void Json_counts_tokens_when_they_are_known()
    {
        var counted = new Transcript
        {
            Text = "a",
            Usage = new Usage
            {
                InputTokens = 14,
                AudioInputTokens = 10,
                OutputTokens = 5,
            },
        };

        Assert.Equal(
            """{"text":"a","usage":{"type":"tokens","input_tokens":14,"input_token_details":{"text_tokens":4,"audio_tokens":10},"output_tokens":5,"total_tokens":19}}""",
            Written(counted, TranscriptFormat.Json)
        );
        Assert.True(
            OpenAITranscriptionDialect.Instance.TryReadUsage(Encoding.UTF8.GetBytes(Written(counted, TranscriptFormat.Json)), out var usage)
        );
        Assert.Equal(counted.Usage, usage);
    }

    [Fact]
    public void Json_without_usage_is_the_text_alone()
    {
        Assert.Equal("""{"text":"a"}""", Written(new Transcript { Text = "a" }, TranscriptFormat.Json));
    }

    [Fact]
    public void Text_is_the_text_and_a_line_end()
    {
        Assert.Equal("Hello there. Bye.\n", Written(Spoken, TranscriptFormat.Text));
    }

    [Fact]
    public void Subrip_is_made_of_segments()
    {
        Assert.Equal(
            "1\n00:00:00,000 --> 00:00:01,500\nHello there.\n\n2\n01:00:00,000 --> 01:02:05,500\nBye -> now\nreally\n\n",
            Written(Spoken, TranscriptFormat.Srt)
        );
    }

    [Fact]
    public void Webvtt_is_made_of_segments()
    {
        Assert.Equal(
            "WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nHello there.\n\n01:00:00.000 --> 01:02:05.500\nBye -> now\nreally\n\n",
            Written(Spoken, TranscriptFormat.Vtt)
        );
    }

    [Fact]
    public void Without_segments_one_cue_holds_all()
    {
        Assert.Equal(
            "1\n00:00:00,000 --> 00:00:02,000\nhi\n\n",
            Written(new Transcript { Text = "hi", Duration = 2 }, TranscriptFormat.Srt)
        );
        Assert.Equal("WEBVTT\n\n", Written(new Transcript { Text = " " }, TranscriptFormat.Vtt));
    }

    [Theory]
    [InlineData(double.NaN, "00:00:00,000")]
    [InlineData(-5, "00:00:00,000")]
    [InlineData(1e300, "99:59:59,000")]
    [InlineData(59.9996, "00:01:00,000")]
    public void Odd_times_stay_within_the_format(double start, string shown)
    {
        var transcript = new Transcript { Text = "x", Segments = [new Segment(0, start, start, "x")] };

        Assert.StartsWith($"1\n{shown} --> {shown}\n", Written(transcript, TranscriptFormat.Srt), StringComparison.Ordinal);
    }

    [Fact]
    public void Subtitles_of_the_provider_are_passed_on()
    {
        var made = Spoken with { Subtitles = "1\n..." };

        Assert.Equal("1\n...", Written(made, TranscriptFormat.Srt));
        Assert.Equal("1\n...", Written(made, TranscriptFormat.Vtt));
    }

    [Fact]
    public void Verbose_json_has_every_part()
    {
        var full = new Transcript
        {
            Text = " a",
            Language = "english",
            Duration = 1.5,
            Segments =
            [
                new Segment(0, 0, 1.5, " a")
                {
                    Seek = 3,
                    Tokens = [1, 2],
                    Temperature = 0.5,
                    AverageLogProbability = -0.25,
                    CompressionRatio = 1.25,
                    NoSpeechProbability = 0.125,
                },
            ],
            Words = [new Word("a", 0, 0.5)],
        };

        Assert.Equal(
            """{"task":"transcribe","language":"english","duration":1.5,"text":"a","segments":[{"id":0,"seek":3,"start":0,"end":1.5,"text":" a","tokens":[1,2],"temperature":0.5,"avg_logprob":-0.25,"compression_ratio":1.25,"no_speech_prob":0.125}],"words":[{"word":"a","start":0,"end":0.5}],"usage":{"type":"duration","seconds":2}}""",
            Written(full, TranscriptFormat.VerboseJson)
        );
    }

    [Fact]
    public void Verbose_json_leaves_out_what_the_model_did_not_report()
    {
        var json = Written(new Transcript { Text = "a", Segments = [new Segment(0, 0, 1, "a")] }, TranscriptFormat.VerboseJson);

        Assert.Equal("""{"task":"transcribe","text":"a","segments":[{"id":0,"start":0,"end":1,"text":"a","tokens":[]}]}""", json);
    }

    [Fact]
    public void A_translation_says_so()
    {
        var asked = Asked(TranscriptFormat.VerboseJson) with { Translates = true };

        Assert.StartsWith(
            """{"task":"translate","text":"a"}""",
            Forms.Written(output => OpenAITranslationDialect.Instance.WriteReply(new Transcript { Text = "a" }, asked, output)),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(TranscriptFormat.Json, "application/json")]
    [InlineData(TranscriptFormat.VerboseJson, "application/json")]
    [InlineData(TranscriptFormat.Text, "text/plain; charset=utf-8")]
    [InlineData(TranscriptFormat.Srt, "text/plain; charset=utf-8")]
    [InlineData(TranscriptFormat.Vtt, "text/plain; charset=utf-8")]
    public void Each_format_has_its_content_type(TranscriptFormat format, string contentType)
    {
        Assert.Equal(contentType, OpenAITranscriptionDialect.Instance.ReplyContentType(Asked(format)));
    }

    [Fact]
    public void A_stream_is_deltas_then_done()
    {
        var writer = OpenAITranscriptionDialect.Instance.OpenWriter(null);

        Assert.Equal(
            """
            data: {"type":"transcript.text.delta","delta":"Hel"}

            data: {"type":"transcript.text.delta","delta":"lo "}

            data: {"type":"transcript.text.done","text":"Hello"}

            data: [DONE]


            """.ReplaceLineEndings("\n"),
            Forms.Written(output =>
            {
                writer.Write(new TranscriptPiece(" "), output);
                writer.Write(new TranscriptPiece(" Hel"), output);
                writer.Write(new TranscriptPiece("lo "), output);
                writer.Write(new TranscriptFinished(new Transcript { Text = " Hello " }), output);
                writer.Finish(output);
            })
        );
    }

    [Fact]
    public void A_failing_stream_ends_with_an_error()
    {
        var writer = OpenAITranscriptionDialect.Instance.OpenWriter(null);

        Assert.StartsWith(
            "data: {\"error\":{",
            Forms.Written(output => writer.Write(new TranscriptFailed(new Fault(FaultKind.Timeout, "Too slow.")), output)),
            StringComparison.Ordinal
        );
    }

    private static TranscriptionRequest Asked(TranscriptFormat format) =>
        new()
        {
            Model = "m",
            File = new InlineSource(default, "audio/mpeg"),
            Format = format,
        };

    private static string Written(Transcript transcript, TranscriptFormat format) =>
        Forms.Written(output => OpenAITranscriptionDialect.Instance.WriteReply(transcript, Asked(format), output));
}
