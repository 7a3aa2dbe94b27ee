namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>How many pictures: by the model's own count as far as that goes, by several predictions beyond.</summary>
internal static class ImageCount
{
    public static IReadOnlyList<PlannedRun> Plan(InputBuilder builder, int wanted)
    {
        wanted = Math.Max(1, wanted);
        var input = builder.Schema.FirstOf("num_outputs", "number_of_images", "num_images", "max_images", "image_number");
        if (input is null || builder.Schema.IsOpen)
        {
            return FanOut.Ones(builder, wanted);
        }

        var most = Most(input);
        var counts = new List<int>();
        for (var left = wanted; left > 0; left -= most)
        {
            counts.Add(Math.Min(left, most));
        }

        if (counts.Count > builder.Options.MaxRuns)
        {
            builder.RefuseParameter(
                "n",
                $"`n` is {wanted}; {builder.Options.MaxRuns} predictions of {most} pictures at most are made at once."
            );
            return [];
        }

        // One picture is what most models make unasked.
        if (wanted > 1 || input.Required || (input.Default is { } standard && Nodes.Show(standard) != "1"))
        {
            builder.Set(input.Name, Nodes.Of(counts[0]), "n");
        }

        if (wanted > 1 && input.Name == "max_images" && builder.Schema.Has("sequential_image_generation"))
        {
            builder.Set("sequential_image_generation", Nodes.Of("auto"), "n");
        }

        return FanOut.Plan(builder, counts, input.Name);
    }

    private static int Most(SchemaInput input)
    {
        var most = input.Maximum ?? 0;
        foreach (var choice in input.Choices)
        {
            if (Measures.TryLeadingNumber(Nodes.Show(choice), out var number))
            {
                most = Math.Max(most, number);
            }
        }

        return most is >= 1 and <= 1000 ? (int)most : 10;
    }
}
