using System.Buffers;
using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIChat;

/// <summary>Writes a stream of <c>chat.completion.chunk</c>. The first choice's role goes out with the start, so that a caller sees life
/// before a cold model says its first word.</summary>
internal sealed class ChatDeltaWriter(bool includeUsage) : IDeltaWriter<ReplyDelta>
{
    private readonly HashSet<int> _introduced = [];
    private ReplyStarted _start = new("", DateTimeOffset.UnixEpoch, "");

    public void Write(ReplyDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case ReplyStarted start:
                _start = start with { Id = ReplyIds.With(ReplyIds.Chat, start.Id) };
                Introduce(0, output);
                break;
            case TextPiece piece:
                WritePiece(piece.Choice, "content"u8, piece.Text, output);
                break;
            case ReasoningPiece piece:
                WritePiece(piece.Choice, "reasoning_content"u8, piece.Text, output);
                break;
            case RefusalPiece piece:
                WritePiece(piece.Choice, "refusal"u8, piece.Text, output);
                break;
            case ToolCallPiece piece:
                WriteCall(piece, output);
                break;
            case ChoiceFinished finished:
                WriteFinish(finished, output);
                break;
            case UsageKnown known when includeUsage:
                WriteUsage(known.Usage, output);
                break;
            case ReplyFailed failed:
                OpenAIFaults.WriteData(failed.Fault, output);
                break;
        }
    }

    public void Finish(IBufferWriter<byte> output) => SseWriter.Data("[DONE]"u8, output);

    private void Introduce(int choice, IBufferWriter<byte> output)
    {
        if (!_introduced.Add(choice))
        {
            return;
        }

        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            StartDelta(choice, lease.Json);
            lease.Json.WriteString("role"u8, "assistant"u8);
            lease.Json.WriteString("content"u8, ""u8);
            EndDelta(null, lease.Json);
        }

        output.Write(SseWriter.EventEnd);
    }

    private void WritePiece(int choice, ReadOnlySpan<byte> name, string text, IBufferWriter<byte> output)
    {
        Introduce(choice, output);
        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            StartDelta(choice, lease.Json);
            lease.Json.WriteString(name, text);
            EndDelta(null, lease.Json);
        }

        output.Write(SseWriter.EventEnd);
    }

    private void WriteCall(ToolCallPiece piece, IBufferWriter<byte> output)
    {
        Introduce(piece.Choice, output);
        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            var json = lease.Json;
            StartDelta(piece.Choice, json);
            json.WriteStartArray("tool_calls"u8);
            json.WriteStartObject();
            json.WriteNumber("index"u8, piece.Call);
            if (piece.Id is not null)
            {
                json.WriteString("id"u8, piece.Id);
                json.WriteString("type"u8, "function"u8);
            }

            json.WriteStartObject("function"u8);
            json.WriteIfSet("name"u8, piece.Name);
            json.WriteString("arguments"u8, piece.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteEndArray();
            EndDelta(null, json);
        }

        output.Write(SseWriter.EventEnd);
    }

    private void WriteFinish(ChoiceFinished finished, IBufferWriter<byte> output)
    {
        Introduce(finished.Choice, output);
        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            StartDelta(finished.Choice, lease.Json);
            EndDelta(FinishReasons.Word(finished.Finish), lease.Json);
        }

        output.Write(SseWriter.EventEnd);
    }

    private void WriteUsage(Usage usage, IBufferWriter<byte> output)
    {
        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            var json = lease.Json;
            StartChunk(json);
            json.WriteStartArray("choices"u8);
            json.WriteEndArray();
            json.WritePropertyName("usage"u8);
            OpenAIUsage.WriteChat(usage, json);
            json.WriteEndObject();
        }

        output.Write(SseWriter.EventEnd);
    }

    private void StartChunk(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("id"u8, _start.Id);
        json.WriteString("object"u8, "chat.completion.chunk"u8);
        json.WriteNumber("created"u8, _start.CreatedAt.ToUnixTimeSeconds());
        json.WriteString("model"u8, _start.Model);
    }

    private void StartDelta(int choice, Utf8JsonWriter json)
    {
        StartChunk(json);
        json.WriteStartArray("choices"u8);
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice);
        json.WriteStartObject("delta"u8);
    }

    private void EndDelta(string? finish, Utf8JsonWriter json)
    {
        json.WriteEndObject();
        json.WriteNull("logprobs"u8);
        json.WriteString("finish_reason"u8, finish);
        json.WriteEndObject();
        json.WriteEndArray();
        if (includeUsage)
        {
            json.WriteNull("usage"u8);
        }

        json.WriteEndObject();
    }
}
