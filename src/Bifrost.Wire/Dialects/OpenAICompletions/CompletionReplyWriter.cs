using System.Buffers;
using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAICompletions;

internal static class CompletionReplyWriter
{
    public static void Write(Reply reply, IBufferWriter<byte> output)
    {
        using var lease = JsonLease.On(output);
        var json = lease.Json;
        Start(reply.Id, reply.CreatedAt, reply.Model, json);
        json.WriteStartArray("choices"u8);
        foreach (var choice in reply.Choices)
        {
            WriteChoice(choice.Index, TextOf(choice.Blocks), choice.Finish, json);
        }

        json.WriteEndArray();
        if (reply.Usage is { } usage)
        {
            json.WritePropertyName("usage"u8);
            OpenAIUsage.WriteChat(usage, json);
        }

        json.WriteEndObject();
    }

    /// <summary>Everything before <c>choices</c>, which is the same in whole answers and in chunks.</summary>
    public static void Start(string id, DateTimeOffset createdAt, string model, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, ReplyIds.With(ReplyIds.Completion, id));
        json.WriteString("object"u8, "text_completion"u8);
        json.WriteNumber("created"u8, createdAt.ToUnixTimeSeconds());
        json.WriteString("model"u8, model);
    }

    public static void WriteChoice(int index, string text, FinishReason? finish, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("text"u8, text);
        json.WriteNumber("index"u8, index);
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, Word(finish));
        json.WriteEndObject();
    }

    // This format has no tools, so no word for them.
    private static string? Word(FinishReason? finish) =>
        finish switch
        {
            null => null,
            FinishReason.ToolCalls => "stop",
            { } reason => FinishReasons.Word(reason),
        };

    private static string TextOf(IReadOnlyList<Block> blocks)
    {
        var text = "";
        foreach (var block in blocks)
        {
            text += block is TextBlock piece ? piece.Text : "";
        }

        return text;
    }
}
