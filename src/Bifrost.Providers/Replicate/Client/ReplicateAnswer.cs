using System.Text.Json;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>A 2xx answer, read to its end.</summary>
internal sealed record ReplicateAnswer(int Status, string? ContentType, ReadOnlyMemory<byte> Body)
{
    /// <summary>The body as JSON; the element owns its memory.</summary>
    public Outcome<JsonElement> Json()
    {
        try
        {
            using var document = JsonDocument.Parse(Body);
            return document.RootElement.Clone();
        }
        catch (JsonException broken)
        {
            return new Fault(FaultKind.UpstreamInvalid, "Replicate answered with something that is not JSON.") { Cause = broken };
        }
    }
}

/// <summary>What a call brought: a value, or a fault with what can be done about it.</summary>
internal readonly record struct Tried<T>(T? Value, ReplicateFault? Trouble)
    where T : class
{
    public Outcome<T> Outcome => Trouble is { } trouble ? trouble.Fault : Value!;

    public static Tried<T> Good(T value) => new(value, null);

    public static Tried<T> Bad(Fault fault, Remedy remedy = Remedy.None) => new(null, new ReplicateFault(fault, remedy));
}
