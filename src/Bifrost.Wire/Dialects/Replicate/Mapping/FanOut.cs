using System.Text.Json.Nodes;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Plans how many predictions a request becomes, with different seeds where the model takes one.</summary>
internal static class FanOut
{
    /// <param name="builder">Its seed, if set, is the first run's.</param>
    /// <param name="counts">Answers expected of each run.</param>
    /// <param name="countInput">The input that gets the run's count, or null.</param>
    public static IReadOnlyList<PlannedRun> Plan(InputBuilder builder, IReadOnlyList<int> counts, string? countInput)
    {
        var seed = counts.Count > 1 ? builder.Schema.FirstOf("seed", "random_seed", "image_seed") : null;
        long first = 0;
        if (seed is not null)
        {
            first =
                builder.Get(seed.Name) is { } given && Nodes.TryNumber(given, out var number) ? (long)number : builder.Options.NewSeed();
        }

        var runs = new List<PlannedRun>(counts.Count);
        for (var i = 0; i < counts.Count; i++)
        {
            var overrides = new List<InputField>();
            if (seed is not null)
            {
                overrides.Add(new InputField(seed.Name, new JsonInput(JsonValue.Create(Within(seed, first, i)))));
            }

            if (countInput is not null && counts.Count > 1)
            {
                overrides.Add(new InputField(countInput, new JsonInput(JsonValue.Create(counts[i]))));
            }

            runs.Add(new PlannedRun(counts[i], overrides));
        }

        return runs;
    }

    /// <summary>As many runs of one answer each as asked for; refused beyond the operator's bound.</summary>
    public static IReadOnlyList<PlannedRun> Ones(InputBuilder builder, int count)
    {
        if (count > builder.Options.MaxRuns)
        {
            builder.RefuseParameter("n", $"`n` is {count}; at most {builder.Options.MaxRuns} are made at once.");
            return [];
        }

        var counts = new int[Math.Max(1, count)];
        Array.Fill(counts, 1);
        return Plan(builder, counts, null);
    }

    private static long Within(SchemaInput seed, long first, int run)
    {
        var value = first + run;
        return seed.Maximum is { } maximum && value > maximum ? (long)(seed.Minimum ?? 0) + run : value;
    }
}
