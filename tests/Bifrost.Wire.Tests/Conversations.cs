using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using CsCheck;

namespace Bifrost.Wire.Tests;

/// <summary>Generates conversations and answers of what all chat dialects can say; each law adds what its dialect can say besides.</summary>
internal static class Conversations
{
    public static readonly Gen<string> Text = Gen.OneOf(
        Gen.String[Gen.Char[' ', '~'], 0, 12],
        Gen.OneOf("é😀", "a\nb\r\n", "\"\\/", "<b>&amp;</b>", "\u0000\u001f", "\u2028", "data: x\n\n", "")
    );

    public static readonly Gen<string> Name = Gen.String[Gen.Char['a', 'z'], 1, 8];

    public static readonly Gen<JsonElement> Json = Gen.OneOf(
            "{\"type\":\"object\",\"properties\":{\"b\":{\"type\":\"string\"},\"a\":{}}}",
            "{}",
            "{\"z\":[1,2.50,null],\"a\":\"é\"}"
        )
        .Select(text => JsonDocument.Parse(text).RootElement);

    private static readonly Gen<InlineSource> Inline = Gen.Select(
        Gen.Byte.Array[0, 20],
        Gen.OneOf("image/png", "application/pdf", "text/plain;charset=utf-8"),
        (bytes, type) => new InlineSource(bytes, type)
    );

    public static readonly Gen<Block> Media = Gen.OneOf<Block>(
        Gen.Select(
            Name,
            Gen.OneOf("low", "auto", null),
            (name, detail) => (Block)new ImageBlock(new UrlSource($"https://{name}.example/p.png"), detail)
        ),
        Inline.Select(source => (Block)new ImageBlock(source)),
        Gen.Select(Inline, Name, (source, name) => (Block)new FileBlock(source with { FileName = name }, name)),
        Name.Select(id => (Block)new FileBlock(new FileIdSource(id))),
        Gen.Byte.Array[0, 9].Select(bytes => (Block)new AudioBlock(new InlineSource(bytes, "audio/wav"), "wav"))
    );

    public static readonly Gen<Block> Call = Gen.Select(Name, Name, Text, (id, name, text) => (Block)new ToolCallBlock(id, name, text));

    private static readonly Gen<Block> Words = Text.Select(text => (Block)new TextBlock(text));

    private static readonly Gen<Turn> System = Gen.Select(
        Gen.OneOf(Role.System, Role.Developer),
        Words,
        (role, words) => new Turn(role, [words])
    );

    private static readonly Gen<Turn> User = Gen.OneOf(Words, Media).Array[1, 4].Select(blocks => new Turn(Role.User, blocks));

    private static readonly Gen<Turn> Assistant = Gen.Select(
        Words.Array[0, 2],
        Call.Array[1, 3],
        (words, calls) => new Turn(Role.Assistant, [.. words, .. calls])
    );

    private static readonly Gen<Turn> Result = Gen.Select(
        Name,
        Words.Array[1, 2],
        (id, words) => new Turn(Role.Tool, [new ToolResultBlock(id, words)])
    );

    // Turns of the model never follow each other directly: Responses would read them as one.
    private static readonly Gen<Turn[]> Turns = Gen.Select(
        System.Array[0, 2],
        Gen.Select(User, Assistant, Result, (user, assistant, result) => new[] { user, assistant, result }).Array[0, 3],
        User,
        (before, rounds, last) => (Turn[])[.. before, .. rounds.SelectMany(round => round), last]
    );

    private static readonly Gen<Tool> Tool = Gen.Select(
        Name,
        Text,
        Json,
        Gen.OneOf<bool?>(true, false, null),
        (name, description, parameters, strict) => new Tool("function", name, description, parameters, strict, default)
    );

    private static readonly Gen<ToolChoice?> Choice = Gen.OneOf(
        Gen.OneOf("auto", "none", "required").Select(mode => (ToolChoice?)new ToolChoice(mode, null, default)),
        Name.Select(name => (ToolChoice?)new ToolChoice("function", name, default)),
        Gen.Const((ToolChoice?)null)
    );

    private static readonly Gen<ReplyFormat?> Format = Gen.OneOf(
        Gen.OneOf("text", "json_object").Select(kind => (ReplyFormat?)new ReplyFormat(kind)),
        Gen.Select(Name, Json, (name, schema) => (ReplyFormat?)new ReplyFormat("json_schema", name, schema, true)),
        Gen.Const((ReplyFormat?)null)
    );

    private static readonly Gen<Conversation> Bare = Gen.Select(
        Turns,
        Tool.Array[0, 2],
        Choice,
        Format,
        Gen.OneOf("low", "none", null),
        Gen.OneOf("high", null),
        (turns, tools, choice, format, effort, verbosity) =>
            new Conversation
            {
                Model = "m",
                Turns = turns,
                Tools = tools,
                ToolChoice = choice,
                Format = format,
                Reasoning = effort is null ? null : new ReasoningAsk(effort),
                Verbosity = verbosity,
            }
    );

    public static readonly Gen<Conversation> All = Gen.Select(
        Bare,
        Gen.Int[1, 9999],
        Gen.Double[0, 2],
        Gen.Bool,
        Text,
        Json,
        Gen.Select(Name, Json, (name, json) => KeyValuePair.Create($"x_{name}", json)),
        (bare, tokens, temperature, flag, user, metadata, extension) =>
            bare with
            {
                Sampling = new Sampling
                {
                    MaxTokens = tokens,
                    Temperature = temperature,
                    TopP = flag ? temperature / 2 : null,
                },
                ParallelToolCalls = flag ? false : null,
                Streams = flag,
                User = flag ? user : null,
                Store = flag ? null : true,
                Metadata = flag ? metadata : null,
                Extensions = new Extensions([extension]),
            }
    );

    private static readonly Gen<Usage> Usage = Gen.Int[0, 999]
        .Array[8]
        .Select(n => new Usage
        {
            InputTokens = n[0],
            OutputTokens = n[1],
            CachedReadTokens = n[2],
            CachedWriteTokens = n[3],
            ReasoningTokens = n[4],
            AudioInputTokens = n[5],
            ImageInputTokens = n[6],
            AudioOutputTokens = n[7],
        });

    private static readonly Gen<string> Said = Text.Where(text => text.Length > 0);

    public static readonly Gen<Reply> Replies = Gen.Select(
        Said,
        Said,
        Call.Array[0, 2],
        Usage,
        Gen.Long[0, 4_000_000_000],
        Gen.Int[0, 3],
        (reasoning, text, calls, usage, created, kinds) =>
        {
            List<Block> blocks = [];
            blocks.AddRange(kinds % 2 == 1 ? [new ReasoningBlock(reasoning)] : []);
            blocks.AddRange(kinds >= 2 ? [new TextBlock(text)] : []);
            blocks.AddRange(calls);
            return new Reply
            {
                Id = "p1",
                CreatedAt = DateTimeOffset.FromUnixTimeSeconds(created),
                Model = "a/b",
                Choices = [new Choice(0, blocks, calls.Length > 0 ? FinishReason.ToolCalls : FinishReason.Stop)],
                Usage = usage,
            };
        }
    );

    /// <summary>An answer in pieces. Pieces of a kind follow each other, as models write them.</summary>
    public static readonly Gen<ReplyDelta[]> Streams = Gen.Select(
        Said.Array[0, 3],
        Said.Array[0, 3],
        Gen.Select(Name, Name, Said.Array[0, 3]).Array[0, 2],
        Usage,
        (reasoning, text, calls, usage) =>
        {
            List<ReplyDelta> deltas = [new ReplyStarted("p1", DateTimeOffset.FromUnixTimeSeconds(1700000000), "a/b")];
            deltas.AddRange(reasoning.Select(piece => new ReasoningPiece(0, piece)));
            deltas.AddRange(text.Select(piece => new TextPiece(0, piece)));
            for (var i = 0; i < calls.Length; i++)
            {
                deltas.Add(new ToolCallPiece(0, i, calls[i].Item1, calls[i].Item2, ""));
                deltas.AddRange(calls[i].Item3.Select(piece => new ToolCallPiece(0, i, null, null, piece)));
            }

            deltas.Add(new ChoiceFinished(0, calls.Length > 0 ? FinishReason.ToolCalls : FinishReason.Stop));
            deltas.Add(new UsageKnown(usage));
            return deltas.ToArray();
        }
    );
}
