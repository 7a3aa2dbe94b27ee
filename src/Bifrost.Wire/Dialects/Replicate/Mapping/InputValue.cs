using System.Text.Json.Nodes;
using Bifrost.Wire.Canonical;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>A value of a prediction's input. The hierarchy is closed.</summary>
public abstract record InputValue;

/// <summary>Goes out as it is. Never null JSON.</summary>
public sealed record JsonInput(JsonNode Json) : InputValue;

/// <summary>The address of <see cref="MappedInput.Slots"/>[<paramref name="Slot"/>].</summary>
public sealed record MediaInput(int Slot) : InputValue;

/// <summary>A list of such addresses.</summary>
public sealed record MediaListInput(IReadOnlyList<int> Slots) : InputValue;

/// <summary>Which colour of a black and white mask marks what is to be repainted.</summary>
public enum MaskPolarity
{
    WhiteRepaints,
    BlackRepaints,
}

/// <summary>Media that needs an address before the input can be written: passed through, inlined as a data URL, or uploaded.</summary>
/// <param name="Input">The model's input that gets it.</param>
/// <param name="Param">The caller's parameter it came in.</param>
/// <param name="Source">Where it is now.</param>
/// <param name="Mask">Set for a mask: the source marks what to repaint by transparency (OpenAI), the model wants black and white this way round.</param>
public sealed record MediaSlot(string Input, string Param, MediaSource Source, MaskPolarity? Mask = null);

/// <param name="Name">The model's input.</param>
/// <param name="Value">What it gets.</param>
public sealed record InputField(string Name, InputValue Value);

/// <summary>One of the predictions a request becomes.</summary>
/// <param name="Count">Answers this run is expected to give: pictures, or 1.</param>
/// <param name="Overrides">Inputs that differ from <see cref="MappedInput.Fields"/> in this run.</param>
public sealed record PlannedRun(int Count, IReadOnlyList<InputField> Overrides);
