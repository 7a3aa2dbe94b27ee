using System.Text;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Predictions;

public class PredictionTests
{
    [Fact]
    public void A_finished_prediction_is_read_whole()
    {
        var prediction = Read(
            """
            {"id":"abc","model":"a/b","version":"hidden","status":"succeeded","output":["Hel","lo"],"error":null,"logs":"x","data_removed":false,
             "metrics":{"predict_time":1.5,"total_time":2,"input_token_count":12.0,"output_token_count":3,"image_count":2,"batch_size":1.5},
             "created_at":"2026-01-02T03:04:05Z","started_at":"2026-01-02T03:04:06Z","completed_at":"2026-01-02T03:04:07Z",
             "urls":{"get":"https://g","cancel":"https://c","stream":"https://s"}}
            """
        );
        Assert.Equal(
            ("abc", "a/b", "hidden", PredictionStatus.Succeeded),
            (prediction.Id, prediction.Model, prediction.Version, prediction.Status)
        );
        Assert.True(prediction.IsTerminal);
        Assert.Equal(
            (1.5, 12L, 3L, 2),
            (prediction.Metrics.PredictTime, prediction.Metrics.InputTokens, prediction.Metrics.OutputTokens, prediction.Metrics.Images)
        );
        Assert.Equal(1.5, prediction.Metrics.Other["batch_size"]);
        Assert.Equal(("https://g", "https://c", "https://s"), (prediction.GetUrl, prediction.CancelUrl, prediction.StreamUrl));
    }

    [Fact]
    public void Case_14_nine_fractional_digits_are_read()
    {
        var prediction = Read("""{"id":"a","created_at":"2023-07-24T16:31:32.558752983Z"}""");
        Assert.Equal(new DateTimeOffset(2023, 7, 24, 16, 31, 32, TimeSpan.Zero).AddTicks(5587529), prediction.CreatedAt);
    }

    [Theory]
    [InlineData("starting", PredictionStatus.Starting, false)]
    [InlineData("processing", PredictionStatus.Processing, false)]
    [InlineData("succeeded", PredictionStatus.Succeeded, true)]
    [InlineData("failed", PredictionStatus.Failed, true)]
    [InlineData("canceled", PredictionStatus.Canceled, true)]
    [InlineData("aborted", PredictionStatus.Aborted, true)]
    [InlineData("resting", PredictionStatus.Unknown, false)]
    public void Each_status_is_an_end_or_not(string word, PredictionStatus status, bool terminal)
    {
        var prediction = Read($$"""{"id":"a","status":"{{word}}"}""");
        Assert.Equal((status, terminal), (prediction.Status, prediction.IsTerminal));
    }

    [Theory]
    [InlineData("\"boom\"", "boom")]
    [InlineData("{\"detail\":\"boom\"}", "boom")]
    [InlineData("[1,2]", "[1,2]")]
    [InlineData("null", null)]
    [InlineData("\"\"", null)]
    public void An_error_is_text_whatever_it_was(string json, string? text) =>
        Assert.Equal(text, Read($$"""{"id":"a","error":{{json}}}""").Error);

    [Theory]
    [InlineData("\"a\"", "a")]
    [InlineData("[\"a\",\" b\",\"\",\"\\n\"]", "a b\n")]
    [InlineData("{\"text\":\"t\",\"output\":\"o\"}", "t")]
    [InlineData("{\"output\":[\"o\"]}", "o")]
    [InlineData("{\"x\":1}", "{\"x\":1}")]
    [InlineData("1.5", "1.5")]
    [InlineData("true", "true")]
    [InlineData("null", "")]
    public void Text_is_found_in_any_output(string output, string text) =>
        Assert.Equal(text, PredictionText.Join(Read($$"""{"id":"a","output":{{output}}}""").Output));

    [Theory]
    [InlineData("\"https://x/1.png\"", "https://x/1.png")]
    [InlineData("[\"https://x/1.png\",\"data:image/png;base64,AA\"]", "https://x/1.png data:image/png;base64,AA")]
    [InlineData("{\"video\":\"https://x/v.mp4\",\"n\":1}", "https://x/v.mp4")]
    [InlineData("[[\"https://x/1.png\"]]", "https://x/1.png")]
    [InlineData("\"no file\"", "")]
    [InlineData("null", "")]
    public void Files_are_found_in_any_output(string output, string files) =>
        Assert.Equal(files, string.Join(' ', PredictionFiles.Of(Read($$"""{"id":"a","output":{{output}}}""").Output)));

    [Fact]
    public void Usage_comes_from_the_metrics_first()
    {
        var usage = PredictionUsage.Of(
            Read(
                """{"id":"a","logs":"Input token count: 99\nOutput token count: 98","metrics":{"input_token_count":5,"output_token_count":6,"predict_time":2}}"""
            )
        );
        Assert.Equal((5, 6, 2, false), (usage!.InputTokens, usage.OutputTokens, usage.ComputeSeconds, usage.Estimated));
    }

    [Fact]
    public void Case_28_usage_comes_from_the_logs_when_the_metrics_lack_it()
    {
        var usage = PredictionUsage.Of(
            Read(
                """{"id":"a","logs":"Starting\nInput token count: 12\nInput image token count: 4\nOUTPUT TOKEN COUNT: 30\n  Reasoning tokens: 20\nTotal token count: 42\n"}"""
            )
        );
        Assert.Equal((12, 30, 20, 4), (usage!.InputTokens, usage.OutputTokens, usage.ReasoningTokens, usage.ImageInputTokens));
    }

    [Theory]
    [InlineData("Total token count: 10\\nInput token count: 4", 4, 6)]
    [InlineData("Tokens: 7", 0, 7)]
    [InlineData("Tokens: 7 (3.2 tokens/s)", 0, 7)]
    public void Older_logs_are_read_as_far_as_they_go(string logs, long input, long output)
    {
        var usage = PredictionUsage.Of(Read($$"""{"id":"a","logs":"{{logs}}"}"""));
        Assert.Equal((input, output), (usage!.InputTokens, usage.OutputTokens));
    }

    [Fact]
    public void Case_28_usage_that_nobody_reports_is_null_and_left_to_an_estimate()
    {
        Assert.Null(PredictionUsage.Of(Read("""{"id":"a","logs":"the tokens: were many","metrics":{"predict_time":2}}""")));
        Assert.Equal((0, 1, 2), (EstimatedTokens.Of(""), EstimatedTokens.Of("abcd"), EstimatedTokens.Of("abcde")));
    }

    [Fact]
    public void Compute_is_metered_without_tokens()
    {
        var usage = PredictionUsage.Metered(Read("""{"id":"a","metrics":{"predict_time":2.5,"image_count":3}}"""));
        Assert.Equal((2.5, 3), (usage.ComputeSeconds, usage.Images));
    }

    [Theory]
    [InlineData("", null)]
    [InlineData(" 42%|████      |", 42)]
    [InlineData("  0%|  |\n 50%|##|\n100%|####| done 7%", 100)]
    [InlineData("999%|", null)]
    [InlineData("5%|x\n%|", 5)]
    public void Progress_is_the_last_bar_of_the_logs(string logs, int? progress) => Assert.Equal(progress, LogProgress.Of(logs));

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"id\":7}")]
    public void What_is_no_prediction_is_a_fault(string body) => Asked.Bad(Prediction.Read(Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void Whatever_the_bytes_reading_them_never_throws()
    {
        string[] samples =
        [
            """{"id":"abc","model":"a/b","status":"succeeded","output":["Hel","lo"],"logs":"Input token count: 5\n 50%|","metrics":{"predict_time":1.5,"image_count":2},"created_at":"2023-07-24T16:31:32.558752983Z","urls":{"get":"https://g"}}""",
            """{"id":"abc","status":"failed","error":{"detail":"boom (E005)"},"output":{"text":"a"}}""",
        ];
        Fuzz.Run(
            samples,
            bytes =>
            {
                var outcome = Prediction.Read(bytes);
                if (outcome.Value is { } prediction)
                {
                    _ = PredictionText.Join(prediction.Output);
                    _ = PredictionFiles.Of(prediction.Output);
                    _ = PredictionUsage.Of(prediction);
                    _ = LogProgress.Of(prediction.Logs);
                    _ = ReplicateFaults.OfPrediction(prediction, expectsFiles: true);
                }
                else
                {
                    Assert.NotNull(outcome.Fault);
                }
            }
        );
    }

    private static Prediction Read(string json) => Asked.Good(Prediction.Read(Encoding.UTF8.GetBytes(json)));
}
