using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

public static class ChatMapping
{
    public static Outcome<MappedInput> Map(
        Conversation request,
        ModelSchema? schema,
        ModelReference model,
        MappingOptions options,
        bool maxOutputTokensFirst = false
    ) => new Fault(FaultKind.NotOffered, "Not mapped yet.");
}
