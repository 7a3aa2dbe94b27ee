using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

public static class TranscriptionMapping
{
    public static Outcome<MappedInput> Map(
        TranscriptionRequest request,
        ModelSchema? schema,
        ModelReference model,
        MappingOptions options
    ) => new Fault(FaultKind.NotOffered, "Not mapped yet.");
}
