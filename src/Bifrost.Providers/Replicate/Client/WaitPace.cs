namespace Bifrost.Providers.Replicate;

/// <summary>How fast predictions are asked after.</summary>
public sealed record WaitPace
{
    public static readonly WaitPace Standard = new();

    /// <summary>Multiplies every pause of our own choosing; waits that the provider asks for stay as they are. 0 in tests. Default 1.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>Polls that may fail one after another before the prediction is given up. Default 10.</summary>
    public int FailedPolls { get; init; } = 10;

    /// <summary>Between two polls with one key, however many predictions wait: the provider allows 3000 reads a minute. Default 25 ms.</summary>
    public TimeSpan Spacing { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Before poll <paramref name="number"/> (from 0): 0.5, 1, 1.5, 2, 3, 4, then 5 seconds, each ±20 %.</summary>
    internal TimeSpan Before(int number)
    {
        var seconds = number switch
        {
            < 4 => 0.5 * (number + 1),
            4 => 3,
            5 => 4,
            _ => 5,
        };
        return Scaled(TimeSpan.FromSeconds(seconds * (0.8 + (0.4 * Random.Shared.NextDouble()))));
    }

    internal TimeSpan Scaled(TimeSpan pause) => pause * Scale;
}
