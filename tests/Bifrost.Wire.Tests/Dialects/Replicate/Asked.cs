using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Audio;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Canonical.Completions;
using Bifrost.Wire.Canonical.Images;
using Bifrost.Wire.Canonical.Videos;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Tests.Dialects.Replicate;

/// <summary>Asks a mapping and shows what came out of it.</summary>
internal static class Asked
{
    public static readonly MappingOptions Strict = new() { Strict = true };

    public static ModelReference Model(string model) =>
        ModelReference.Parse(model).Failed(out var fault, out var reference) ? throw new ArgumentException(fault.Message) : reference;

    public static ModelSchema? Schema(string model) =>
        SeedSchemas.Of(Model(model)) ?? (Schemas.Text(model) is null ? null : Schemas.Of(model));

    public static Outcome<MappedInput> Chat(string model, Conversation chat, MappingOptions? options = null, bool responses = false) =>
        ChatMapping.Map(chat, Schema(model), Model(model), options ?? MappingOptions.Standard, responses);

    public static Outcome<IReadOnlyList<MappedInput>> Completion(string model, Prompt prompt, MappingOptions? options = null) =>
        CompletionMapping.Map(prompt, Schema(model), Model(model), options ?? MappingOptions.Standard);

    public static Outcome<MappedInput> Image(string model, ImageRequest image, MappingOptions? options = null) =>
        ImageMapping.Map(image, Schema(model), Model(model), options ?? MappingOptions.Standard);

    public static Outcome<MappedInput> Video(string model, VideoRequest video, MappingOptions? options = null) =>
        VideoMapping.Map(video, Schema(model), Model(model), options ?? MappingOptions.Standard);

    public static Outcome<MappedInput> Speech(string model, TranscriptionRequest speech, MappingOptions? options = null) =>
        TranscriptionMapping.Map(speech, Schema(model), Model(model), options ?? MappingOptions.Standard);

    public static Conversation Says(params (Role Role, string Text)[] turns) =>
        new() { Model = "m", Turns = [.. turns.Select(turn => new Turn(turn.Role, [new TextBlock(turn.Text)]))] };

    public static Conversation Hello => Says((Role.User, "Hello"));

    public static Conversation SystemAndUser => Says((Role.System, "Be brief."), (Role.User, "Hello"));

    public static Conversation ThreeTurns => Says((Role.User, "One?"), (Role.Assistant, "Two."), (Role.User, "Three?"));

    public static Conversation Showing(params string[] urls) =>
        new()
        {
            Model = "m",
            Turns = [new Turn(Role.User, [new TextBlock("What is it?"), .. urls.Select(url => new ImageBlock(new UrlSource(url)))])],
        };

    public static ImageRequest Picture => new() { Model = "m", Prompt = "a cat" };

    public static ImageRequest Edit(int pictures, bool mask = false) =>
        Picture with
        {
            Sources = [.. Enumerable.Range(1, pictures).Select(i => new UrlSource($"https://x.test/{i}.png"))],
            Mask = mask ? new UrlSource("https://x.test/mask.png") : null,
        };

    public static VideoRequest Film => new() { Model = "m", Prompt = "a cat runs" };

    public static VideoRequest FilmOf(string url) => Film with { Reference = new UrlSource(url) };

    public static TranscriptionRequest Sound => new() { Model = "m", File = new InlineSource(new byte[] { 1 }, "audio/mpeg", "a.mp3") };

    public static Extensions Extra(string json) =>
        new([
            .. JsonDocument
                .Parse(json)
                .RootElement.EnumerateObject()
                .Select(member => KeyValuePair.Create(member.Name, member.Value.Clone())),
        ]);

    public static T Good<T>(Outcome<T> outcome)
    {
        Assert.Null(outcome.Fault?.Message);
        return outcome.Value!;
    }

    public static Fault Bad<T>(Outcome<T> outcome)
    {
        Assert.NotNull(outcome.Fault);
        return outcome.Fault;
    }

    /// <summary>The input of a run, with every slot's address made up from its source.</summary>
    public static JsonObject Input(Outcome<MappedInput> outcome, int run = 0) => Input(Good(outcome), run);

    public static JsonObject Input(MappedInput mapped, int run = 0) => Body(mapped, run)["input"]!.AsObject();

    public static JsonObject Body(MappedInput mapped, int run = 0, string? version = null)
    {
        var output = new ArrayBufferWriter<byte>();
        var addresses = mapped.Slots.Select(slot => slot.Source is UrlSource url ? url.Url : $"upload:{slot.Input}").ToArray();
        mapped.WriteBody(output, run, addresses, version);
        return JsonNode.Parse(output.WrittenSpan)!.AsObject();
    }

    public static bool Noted(Outcome<MappedInput> outcome, string param, NoteKind kind) =>
        Good(outcome).Warnings.Any(note => note.Parameter == param && note.Kind == kind);
}
