using System.Text;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Faults;

public class PredictionFaultTests
{
    [Theory]
    [InlineData(
        "The input or output was flagged as sensitive. Please try again with different inputs. (E005) (abc123)",
        400,
        "content_policy_violation",
        Remedy.None
    )]
    [InlineData("NSFW content detected.", 400, "content_policy_violation", Remedy.None)]
    [InlineData("Service is temporarily unavailable due to high demand. (E003) (x)", 503, "model_overloaded", Remedy.RetryOnce)]
    [InlineData("Unknown error (E1000)", 502, "prediction_failed", Remedy.RetryOnce)]
    [InlineData("CUDA out of memory. Tried to allocate 2 GiB", 502, "prediction_failed", Remedy.None)]
    [InlineData("Timed out starting (E6716)", 503, "service_unavailable", Remedy.RetryOnce)]
    [InlineData("Webhook URL is empty (E4875)", 500, "internal_error", Remedy.None)]
    [InlineData("Health check failed (E8765)", 502, "prediction_failed", Remedy.RetryOnce)]
    [InlineData("Input validation error: width must be 256 or more", 400, "invalid_input", Remedy.None)]
    [InlineData("Error code: 429 - Rate limit reached for gpt-image-1", 429, "rate_limit_exceeded", Remedy.None)]
    [InlineData("Incorrect API key provided: sk-abc", 502, "upstream_authentication_error", Remedy.None)]
    [InlineData("This model's maximum context length is 8192 tokens", 400, "context_length_exceeded", Remedy.None)]
    [InlineData("Traceback (most recent call last):\n  File \"x\", line 1\nKeyError: 'must be'", 502, "prediction_failed", Remedy.None)]
    [InlineData("", 502, "prediction_failed", Remedy.None)]
    public void Each_error_text_has_its_row(string error, int status, string code, Remedy remedy)
    {
        var fault = ReplicateFaults.OfError(error);
        Assert.Equal((status, code, remedy), (fault.Fault.Status, fault.Fault.Code ?? fault.Fault.Rule.Code, fault.Remedy));
        Assert.NotEmpty(fault.Fault.Message);
    }

    [Fact]
    public void Case_48_a_sensitive_picture_is_a_policy_violation_and_not_tried_again()
    {
        var fault = Of("""{"id":"a","status":"failed","error":"flagged as sensitive (E005)"}""", expectsFiles: true)!;
        Assert.Equal((400, "content_policy_violation", false), (fault.Fault.Status, fault.Fault.Rule.Code, fault.Fault.Rule.MayRetry));
    }

    [Fact]
    public void The_last_line_of_a_traceback_is_the_message() =>
        Assert.Equal("KeyError: 'x'", ReplicateFaults.OfError("Traceback:\n  File\nKeyError: 'x'\n").Fault.Message);

    [Fact]
    public void A_size_that_ran_out_of_memory_is_the_callers() =>
        Assert.Equal(
            ("size", "input_too_large"),
            (
                ReplicateFaults.OfError("CUDA out of memory", sized: true).Fault.Param,
                ReplicateFaults.OfError("out of memory", sized: true).Fault.Code
            )
        );

    [Fact]
    public void A_prediction_that_never_started_ran_out_of_time()
    {
        var fault = Of("""{"id":"a","status":"aborted"}""")!;
        Assert.Equal((504, Remedy.RetryOnce), (fault.Fault.Status, fault.Remedy));
    }

    [Fact]
    public void A_cancelled_prediction_is_late_or_in_conflict()
    {
        Assert.Equal(
            (409, "canceled"),
            (Of("""{"id":"a","status":"canceled"}""")!.Fault.Status, Of("""{"id":"a","status":"canceled"}""")!.Fault.Code)
        );
        Assert.Equal(504, Of("""{"id":"a","status":"canceled"}""", pastDeadline: true)!.Fault.Status);
    }

    [Fact]
    public void Output_that_was_removed_is_gone() =>
        Assert.Equal(410, Of("""{"id":"a","status":"succeeded","output":null,"data_removed":true}""")!.Fault.Status);

    [Fact]
    public void No_text_is_an_empty_answer_but_no_file_is_a_failure()
    {
        Assert.Null(Of("""{"id":"a","status":"succeeded","output":null}"""));
        Assert.Equal("empty_output", Of("""{"id":"a","status":"succeeded","output":null}""", expectsFiles: true)!.Fault.Code);
    }

    [Fact]
    public void A_filter_that_removed_every_picture_is_a_policy_violation() =>
        Assert.Equal(FaultKind.ContentPolicy, Of("""{"id":"a","status":"succeeded","output":[]}""", expectsFiles: true)!.Fault.Kind);

    [Theory]
    [InlineData("""{"id":"a","status":"processing"}""")]
    [InlineData("""{"id":"a","status":"succeeded","output":"https://x/1.png"}""")]
    public void What_goes_well_is_no_fault(string prediction) => Assert.Null(Of(prediction, expectsFiles: true));

    private static ReplicateFault? Of(string json, bool expectsFiles = false, bool pastDeadline = false) =>
        ReplicateFaults.OfPrediction(Asked.Good(Prediction.Read(Encoding.UTF8.GetBytes(json))), expectsFiles, pastDeadline: pastDeadline);
}
