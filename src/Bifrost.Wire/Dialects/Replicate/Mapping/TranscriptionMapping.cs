using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Puts speech to be written down into the words of a model.</summary>
public static class TranscriptionMapping
{
    private static readonly ModelSchema Usual = SchemaChoice.Usual(
        OutputKind.Unknown,
        ("audio", InputKind.Any),
        ("language", InputKind.Text),
        ("prompt", InputKind.Text),
        ("temperature", InputKind.Number)
    );

    /// <param name="request">The sound.</param>
    /// <param name="schema">What the model takes, or null when that cannot be had.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">The operator's wishes.</param>
    public static Outcome<MappedInput> Map(TranscriptionRequest request, ModelSchema? schema, ModelReference model, MappingOptions options)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        var builder = SchemaChoice.Builder(schema, model, options, Usual);
        if (
            builder.Schema.Output is OutputKind.File or OutputKind.Files or OutputKind.FileStream
            || builder.Schema.FirstOf("audio", "audio_file", "file", "audio_path", "input_audio", "audio_input") is not { } audio
        )
        {
            return new Fault(FaultKind.UnsupportedOperation, $"{model} does not write down speech.") { Param = "model" };
        }

        builder.Media(audio, request.File, "file");
        Language(builder, request.Language);
        if (request.Prompt is { Length: > 0 } prompt)
        {
            builder.Word("prompt", prompt, "initial_prompt", "prompt");
        }

        builder.Number("temperature", request.Temperature, "temperature");
        Format(builder, request.Format);
        Granularity(builder, request);
        if (request.Translates)
        {
            Translate(builder);
        }

        Passthrough.Add(builder, request.Extensions, "include", "chunking_strategy");
        return builder.Finish().Failed(out var fault, out var fields)
            ? fault
            : new MappedInput
            {
                Fields = fields,
                Slots = builder.Slots,
                Warnings = builder.Notes,
                Runs = [new PlannedRun(1, [])],
                Output = builder.Schema.Output,
                PromptText = request.Prompt ?? "",
            };
    }

    private static void Language(InputBuilder builder, string? language)
    {
        if (language is not { Length: > 0 })
        {
            return;
        }

        if (!builder.Schema.TryGet("language", out var input))
        {
            builder.Dropped("language");
            return;
        }

        var code = Languages.CodeOf(language) ?? Languages.Primary(language);
        if (input.Choices.Count == 0)
        {
            builder.Set(input.Name, Nodes.Of(code), "language");
        }
        else if (Find(input, language, code, Languages.NameOf(code)) is { } known)
        {
            builder.Set(input.Name, Nodes.Of(known), "language");
        }
        else
        {
            builder.Changed("language", $"`language` is unknown to {builder.Model}, which will find it out by itself.");
            if (Find(input, "auto", "None", null) is { } itself)
            {
                builder.Set(input.Name, Nodes.Of(itself), "language");
            }
        }
    }

    private static JsonElement? Find(SchemaInput input, string first, string second, string? third) =>
        Coercion.Choice(input, Nodes.Of(first))
        ?? Coercion.Choice(input, Nodes.Of(second))
        ?? (third is null ? null : Coercion.Choice(input, Nodes.Of(third)));

    // Subtitles that the model cannot write are built by the gateway, so nothing is lost.
    private static void Format(InputBuilder builder, TranscriptFormat format)
    {
        var word = format switch
        {
            TranscriptFormat.Srt => "srt",
            TranscriptFormat.Vtt => "vtt",
            _ => null,
        };
        if (
            word is not null
            && builder.Schema.TryGet("transcription", out var input)
            && Coercion.Choice(input, Nodes.Of(word)) is { } choice
        )
        {
            builder.Set(input.Name, Nodes.Of(choice), "response_format");
        }
    }

    private static void Granularity(InputBuilder builder, TranscriptionRequest request)
    {
        var words = false;
        foreach (var granularity in request.Granularities)
        {
            words |= granularity == "word";
        }

        if (!words)
        {
            return;
        }

        if (builder.Schema.TryGet("timestamp", out var input) && Coercion.Choice(input, Nodes.Of("word")) is { } choice)
        {
            builder.Set(input.Name, Nodes.Of(choice), "timestamp_granularities");
        }
        else if (builder.Schema.TryGet("word_timestamps", out var flag) && flag.Kind == InputKind.Flag)
        {
            builder.Set(flag.Name, JsonValue.Create(true), "timestamp_granularities");
        }
        else
        {
            builder.Dropped("timestamp_granularities", $"{builder.Model} gives no times of single words.");
        }
    }

    private static void Translate(InputBuilder builder)
    {
        if (builder.Schema.TryGet("translate", out var flag) && flag.Kind is InputKind.Flag or InputKind.Any)
        {
            builder.Set(flag.Name, JsonValue.Create(true), "model");
        }
        else if (builder.Schema.TryGet("task", out var task) && Coercion.Choice(task, Nodes.Of("translate")) is { } choice)
        {
            builder.Set(task.Name, Nodes.Of(choice), "model");
        }
        else
        {
            builder.Refuse(
                new Fault(FaultKind.UnsupportedOperation, $"{builder.Model} writes down speech but does not translate it.")
                {
                    Param = "model",
                }
            );
        }
    }
}
