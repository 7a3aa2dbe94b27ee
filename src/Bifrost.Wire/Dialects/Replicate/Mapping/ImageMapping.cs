using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

public static class ImageMapping
{
    public static Outcome<MappedInput> Map(ImageRequest request, ModelSchema? schema, ModelReference model, MappingOptions options) =>
        new Fault(FaultKind.NotOffered, "Not mapped yet.");
}
