using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>A request in the model's own words: ready to be sent once every slot has an address.</summary>
public sealed record MappedInput
{
    // The body goes to a JSON parser, never into a page.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>In the order they are written.</summary>
    public required IReadOnlyList<InputField> Fields { get; init; }

    /// <summary>Media in need of an address.</summary>
    public IReadOnlyList<MediaSlot> Slots { get; init; } = [];

    /// <summary>What was dropped, changed or moved; for the caller's warning header.</summary>
    public IReadOnlyList<ParameterNote> Warnings { get; init; } = [];

    /// <summary>At least one. Their counts add up to what the caller asked for.</summary>
    public required IReadOnlyList<PlannedRun> Runs { get; init; }

    /// <summary>Stop sequences at which the gateway cuts the text, whether or not the model was told about them.</summary>
    public IReadOnlyList<string> EnforcedStops { get; init; } = [];

    /// <summary>The token limit in force: the one sent, else the model's own default, else null. As many output tokens mean that the answer was
    /// cut.</summary>
    public int? EffectiveMaxTokens { get; init; }

    public EffectiveFacts Effective { get; init; } = EffectiveFacts.None;

    public OutputKind Output { get; init; }

    /// <summary>The answer begins inside a chain of thought whose opening tag the model may leave out.</summary>
    public bool ThinksFirst { get; init; }

    /// <summary>The text of the prompt as sent, for <see cref="EstimatedTokens"/>.</summary>
    public string PromptText { get; init; } = "";

    /// <summary>Writes the whole body of a create call.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="run">Index into <see cref="Runs"/>.</param>
    /// <param name="addresses">One https or data URL for each of <see cref="Slots"/>, in order.</param>
    /// <param name="version">Set when creating by version, and only then: other endpoints refuse the field.</param>
    /// <param name="webhook">Where the provider reports completion, or null.</param>
    public void WriteBody(
        IBufferWriter<byte> output,
        int run,
        IReadOnlyList<string> addresses,
        string? version = null,
        string? webhook = null
    )
    {
        using var writer = new Utf8JsonWriter(output, Compact);
        writer.WriteStartObject();
        if (version is not null)
        {
            writer.WriteString("version", version);
        }

        writer.WritePropertyName("input");
        WriteInput(writer, run, addresses);
        if (webhook is not null)
        {
            writer.WriteString("webhook", webhook);
            writer.WriteStartArray("webhook_events_filter");
            writer.WriteStringValue("completed");
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    /// <summary>Writes the <c>input</c> object alone.</summary>
    public void WriteInput(Utf8JsonWriter writer, int run, IReadOnlyList<string> addresses)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentOutOfRangeException.ThrowIfNotEqual(addresses.Count, Slots.Count);
        var overrides = Runs[run].Overrides;
        writer.WriteStartObject();
        foreach (var field in Fields)
        {
            if (Find(overrides, field.Name) is null)
            {
                Write(writer, field, addresses);
            }
        }

        foreach (var field in overrides)
        {
            Write(writer, field, addresses);
        }

        writer.WriteEndObject();
    }

    private static InputField? Find(IReadOnlyList<InputField> fields, string name)
    {
        foreach (var field in fields)
        {
            if (field.Name == name)
            {
                return field;
            }
        }

        return null;
    }

    private static void Write(Utf8JsonWriter writer, InputField field, IReadOnlyList<string> addresses)
    {
        writer.WritePropertyName(field.Name);
        switch (field.Value)
        {
            case JsonInput value:
                value.Json.WriteTo(writer);
                break;
            case MediaInput media:
                writer.WriteStringValue(addresses[media.Slot]);
                break;
            case MediaListInput list:
                writer.WriteStartArray();
                foreach (var slot in list.Slots)
                {
                    writer.WriteStringValue(addresses[slot]);
                }

                writer.WriteEndArray();
                break;
        }
    }
}

/// <summary>What was really asked for, where the caller is told. Null means: the model decides.</summary>
public sealed record EffectiveFacts
{
    public static readonly EffectiveFacts None = new();

    public double? VideoSeconds { get; init; }

    /// <summary>WxH in pixels when exactly that was asked for.</summary>
    public string? Size { get; init; }

    public string? AspectRatio { get; init; }

    /// <summary>In the model's words: 720p, 1 MP, …</summary>
    public string? Resolution { get; init; }

    /// <summary>In OpenAI's words: png, jpeg or webp.</summary>
    public string? OutputFormat { get; init; }

    public string? Quality { get; init; }

    public string? Background { get; init; }

    public bool? Audio { get; init; }
}
