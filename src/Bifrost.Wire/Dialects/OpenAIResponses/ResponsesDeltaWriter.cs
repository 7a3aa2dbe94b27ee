using System.Buffers;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Writes the events of a response. Only the first choice is told: responses have no alternatives. The last event holds the
/// whole response again, so what has been written is kept.</summary>
internal sealed class ResponsesDeltaWriter(Conversation? asked) : IDeltaWriter<ReplyDelta>
{
    private readonly ResponsesItemStream _items = new();
    private ReplyStarted _start = new("", DateTimeOffset.UnixEpoch, "");
    private FinishReason _finish = FinishReason.Stop;
    private Usage? _usage;

    private bool IsCut => _finish is FinishReason.Length or FinishReason.ContentFilter;

    public void Write(ReplyDelta delta, IBufferWriter<byte> output)
    {
        switch (delta)
        {
            case ReplyStarted start:
                _start = start;
                _items.ReplyId = start.Id;
                WriteResponse("response.created"u8, Snapshot(ReplyStatus.InProgress), output);
                WriteResponse("response.in_progress"u8, Snapshot(ReplyStatus.InProgress), output);
                break;
            case TextPiece { Choice: 0 } piece:
                _items.Text(piece.Text, output);
                break;
            case ReasoningPiece { Choice: 0 } piece:
                _items.Reasoning(piece.Text, output);
                break;
            case RefusalPiece { Choice: 0 } piece:
                _items.Refusal(piece.Text, output);
                break;
            case ToolCallPiece { Choice: 0 } piece:
                _items.Call(piece, output);
                break;
            case ChoiceFinished { Choice: 0 } finished:
                _finish = finished.Finish;
                _items.Close(output, IsCut ? "incomplete" : "completed");
                break;
            case UsageKnown known:
                _usage = known.Usage;
                break;
            case ReplyFailed failed:
                _items.Abandon();
                WriteResponse("response.failed"u8, Snapshot(ReplyStatus.Failed) with { Fault = failed.Fault }, output);
                break;
        }
    }

    public void Finish(IBufferWriter<byte> output)
    {
        _items.Close(output);
        var reply = Snapshot(IsCut ? ReplyStatus.Incomplete : ReplyStatus.Completed);
        WriteResponse(IsCut ? "response.incomplete"u8 : "response.completed"u8, reply, output);
    }

    private Reply Snapshot(ReplyStatus status) =>
        new()
        {
            Id = _start.Id,
            CreatedAt = _start.CreatedAt,
            Model = _start.Model,
            Choices = [new Choice(0, _items.Blocks, status is ReplyStatus.InProgress or ReplyStatus.Failed ? null : _finish)],
            Usage = _usage,
            Status = status,
        };

    private void WriteResponse(ReadOnlySpan<byte> name, Reply reply, IBufferWriter<byte> output)
    {
        SseWriter.Name(name, output);
        output.Write(SseWriter.DataStart);
        using (var lease = JsonLease.On(output))
        {
            var json = lease.Json;
            json.WriteStartObject();
            json.WriteString("type"u8, name);
            json.WriteNumber("sequence_number"u8, _items.NextNumber());
            json.WritePropertyName("response"u8);
            ResponsesReplyWriter.Write(reply, asked, json);
            json.WriteEndObject();
        }

        output.Write(SseWriter.EventEnd);
    }
}
