namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>The schema to map by: the live one, else our copy, else a guess that lets everything pass.</summary>
internal static class SchemaChoice
{
    /// <param name="live">What Replicate says, or null.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">For the builder.</param>
    /// <param name="usual">Inputs that models of this kind usually have.</param>
    public static InputBuilder Builder(ModelSchema? live, ModelReference model, MappingOptions options, ModelSchema usual)
    {
        if (live is not null)
        {
            return new InputBuilder(live, model, options);
        }

        var seed = SeedSchemas.Of(model);
        var builder = new InputBuilder(seed ?? usual, model, options);
        builder.Moved(
            "model",
            seed is null
                ? $"The inputs of {model} are not known, so they were named as is usual for such models."
                : $"The current inputs of {model} are not known, so an older copy was used."
        );
        return builder;
    }

    public static ModelSchema Usual(OutputKind output, params ReadOnlySpan<(string Name, InputKind Kind)> inputs)
    {
        var list = new List<SchemaInput>(inputs.Length);
        foreach (var (name, kind) in inputs)
        {
            list.Add(new SchemaInput(name, kind) { Order = list.Count });
        }

        return new ModelSchema(list, output, open: true);
    }
}
