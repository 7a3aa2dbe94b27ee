using System.Buffers;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAICompletions;

/// <summary>Writes a stream of <c>text_completion</c> chunks. Reasoning, refusals and tool calls have no place in it.</summary>
internal sealed class CompletionDeltaWriter(bool includeUsage) : IDeltaWriter<ReplyDelta>
{
    private ReplyStarted _start = new("", DateTimeOffset.UnixEpoch, "");

    public void Write(ReplyDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case ReplyStarted start:
                _start = start;
                break;
            case TextPiece piece:
                WriteChoice(piece.Choice, piece.Text, null, output);
                break;
            case ChoiceFinished finished:
                WriteChoice(finished.Choice, "", finished.Finish, output);
                break;
            case UsageKnown known when includeUsage:
                WriteUsage(known, output);
                break;
            case ReplyFailed failed:
                OpenAIFaults.WriteData(failed.Fault, output);
                break;
        }
    }

    public void Finish(IBufferWriter<byte> output) => SseWriter.Data("[DONE]"u8, output);

    private void WriteChoice(int choice, string text, FinishReason? finish, IBufferWriter<byte> output)
    {
        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            var json = lease.Json;
            CompletionReplyWriter.Start(_start.Id, _start.CreatedAt, _start.Model, json);
            json.WriteStartArray("choices"u8);
            CompletionReplyWriter.WriteChoice(choice, text, finish, json);
            json.WriteEndArray();
            if (includeUsage)
            {
                json.WriteNull("usage"u8);
            }

            json.WriteEndObject();
        }

        output.Write(SseWriter.EventEnd);
    }

    private void WriteUsage(UsageKnown known, IBufferWriter<byte> output)
    {
        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            var json = lease.Json;
            CompletionReplyWriter.Start(_start.Id, _start.CreatedAt, _start.Model, json);
            json.WriteStartArray("choices"u8);
            json.WriteEndArray();
            json.WritePropertyName("usage"u8);
            OpenAIUsage.WriteChat(known.Usage, json);
            json.WriteEndObject();
        }

        output.Write(SseWriter.EventEnd);
    }
}
