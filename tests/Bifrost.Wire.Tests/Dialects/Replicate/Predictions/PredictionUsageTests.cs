using System.Text;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Wire.Tests.Dialects.Replicate.Predictions;

/// <summary>Case 60 as far as the price book needs facts: what was consumed. The prices themselves come with the book.</summary>
public sealed class PredictionUsageTests
{
    [Fact]
    public void Case_60_a_run_that_is_paid_by_the_picture_counts_its_pictures()
    {
        var usage = PredictionUsage.Metered(Read("""{"id":"a","status":"succeeded","metrics":{"image_count":3,"predict_time":1.2}}"""));

        Assert.Equal((3, 1.2), (usage.Images, usage.ComputeSeconds));
    }

    [Fact]
    public void Case_60_a_language_model_counts_its_tokens()
    {
        var usage = PredictionUsage.Of(
            Read("""{"id":"a","status":"succeeded","metrics":{"input_token_count":21.0,"output_token_count":4,"predict_time":0.5}}""")
        );

        Assert.Equal((21, 4, false), (usage!.InputTokens, usage.OutputTokens, usage.Estimated));
    }

    [Fact]
    public void Case_60_a_run_on_hardware_counts_its_seconds_also_when_it_was_cancelled()
    {
        var usage = PredictionUsage.Metered(
            Read("""{"id":"a","status":"canceled","metrics":{"predict_time":0.128148,"total_time":0.175128}}""")
        );

        Assert.Equal(0.128148, usage.ComputeSeconds);
    }

    [Fact]
    public void Case_60_a_run_that_never_started_consumed_nothing()
    {
        var aborted = Read("""{"id":"a","status":"aborted","metrics":{"total_time":30}}""");

        Assert.Equal(new Usage(), PredictionUsage.Metered(aborted));
        Assert.Null(PredictionUsage.Of(aborted));
    }

    private static Prediction Read(string json)
    {
        Assert.False(Prediction.Read(Encoding.UTF8.GetBytes(json)).Failed(out var fault, out var prediction), fault?.Message);
        return prediction!;
    }
}
