using Bifrost.Wire.Canonical.Completions;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

public static class CompletionMapping
{
    public static Outcome<IReadOnlyList<MappedInput>> Map(
        Prompt request,
        ModelSchema? schema,
        ModelReference model,
        MappingOptions options
    ) => new Fault(FaultKind.NotOffered, "Not mapped yet.");
}
