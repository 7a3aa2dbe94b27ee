using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

public static class VideoMapping
{
    public static Outcome<MappedInput> Map(VideoRequest request, ModelSchema? schema, ModelReference model, MappingOptions options) =>
        new Fault(FaultKind.NotOffered, "Not mapped yet.");
}
