using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Reads the events of a response. Done events repeat what the deltas said, so they are used only where no delta came.</summary>
internal sealed class ResponsesDeltaReader(string model) : IDeltaReader<ReplyDelta>, ISseSink
{
    private readonly SseReader _events = new();

    // By output index: the number of the call among the calls, and whether its arguments came in pieces.
    private readonly Dictionary<int, (int Call, bool InPieces)> _calls = [];
    private ICollection<ReplyDelta> _deltas = [];
    private bool _started;
    private bool _closed;

    public void Read(ReadOnlySpan<byte> bytes, ICollection<ReplyDelta> deltas)
    {
        _deltas = deltas;
        if (!_closed && !_events.Read(bytes, this))
        {
            Fail(new Fault(FaultKind.UpstreamInvalid, "The provider sent an event that is too large."));
        }
    }

    public void End(ICollection<ReplyDelta> deltas)
    {
        _deltas = deltas;
        if (!_closed)
        {
            Fail(new Fault(FaultKind.UpstreamInvalid, "The provider's stream ended before the answer was finished."));
        }
    }

    void ISseSink.OnComment(ReadOnlySpan<byte> text) { }

    void ISseSink.OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ReadOnlySpan<byte> id)
    {
        data = data.Trim(" \t\n"u8);
        // Some gateways end every stream like a chat stream.
        if (_closed || data.IsEmpty || data.SequenceEqual("[DONE]"u8))
        {
            return;
        }

        if (!UpstreamJson.TryReadObject(data, out var json))
        {
            Fail(new Fault(FaultKind.UpstreamInvalid, "The provider's stream holds an event that is not a JSON object."));
        }
        else if (json.TextOf("type") is { } type && type != "error")
        {
            Take(type, json, data);
        }
        else
        {
            Fail(OpenAIFaults.Read(json.ObjectOf("error") ?? json));
        }
    }

    private void Take(string type, JsonElement json, ReadOnlySpan<byte> data)
    {
        switch (type)
        {
            case "response.created" or "response.queued" or "response.in_progress":
                Start(json);
                break;
            case "response.output_text.delta":
                Add(json, static text => new TextPiece(0, text));
                break;
            case "response.refusal.delta":
                Add(json, static text => new RefusalPiece(0, text));
                break;
            case "response.reasoning_summary_text.delta" or "response.reasoning_text.delta":
                Add(json, static text => new ReasoningPiece(0, text));
                break;
            case "response.reasoning_summary_part.added" when json.IndexOf("summary_index") > 0:
                Start(json);
                _deltas.Add(new ReasoningPiece(0, "\n\n"));
                break;
            case "response.output_item.added":
                StartCall(json);
                break;
            case "response.function_call_arguments.delta":
                TakeArguments(json);
                break;
            case "response.output_item.done":
                EndCall(json);
                break;
            case "response.completed":
                Finish(json, ReplyStatus.Completed, data);
                break;
            case "response.incomplete":
                Finish(json, ReplyStatus.Incomplete, data);
                break;
            case "response.failed":
                Fail(ResponsesReplyReader.Failure(json.ObjectOf("response") ?? json));
                break;
        }
    }

    private void Start(JsonElement json)
    {
        if (_started)
        {
            return;
        }

        _started = true;
        var response = json.ObjectOf("response") ?? json;
        _deltas.Add(new ReplyStarted(ReplyIds.Without(ReplyIds.Response, response.TextOf("id")), response.TimeOf("created_at"), model));
    }

    private void Add(JsonElement json, Func<string, ReplyDelta> piece)
    {
        if (json.TextOf("delta") is { Length: > 0 } text)
        {
            Start(json);
            _deltas.Add(piece(text));
        }
    }

    private void StartCall(JsonElement json)
    {
        if (json.ObjectOf("item") is not { } item || item.TextOf("type") != "function_call")
        {
            return;
        }

        Start(json);
        var call = _calls.Count;
        var name = item.TextOf("name") ?? "";
        if (_calls.TryAdd(json.IndexOf("output_index") ?? 0, (call, false)))
        {
            _deltas.Add(new ToolCallPiece(0, call, item.TextOf("call_id") ?? name, name, ""));
        }
    }

    private void TakeArguments(JsonElement json)
    {
        var index = json.IndexOf("output_index") ?? 0;
        if (_calls.TryGetValue(index, out var known) && json.TextOf("delta") is { Length: > 0 } piece)
        {
            _calls[index] = (known.Call, true);
            _deltas.Add(new ToolCallPiece(0, known.Call, null, null, piece));
        }
    }

    private void EndCall(JsonElement json)
    {
        StartCall(json);
        var index = json.IndexOf("output_index") ?? 0;
        if (
            _calls.TryGetValue(index, out var known)
            && !known.InPieces
            && json.ObjectOf("item")?.TextOf("arguments") is { Length: > 0 } arguments
        )
        {
            _calls[index] = (known.Call, true);
            _deltas.Add(new ToolCallPiece(0, known.Call, null, null, arguments));
        }
    }

    private void Finish(JsonElement json, ReplyStatus status, ReadOnlySpan<byte> data)
    {
        Start(json);
        _closed = true;
        var finish = ResponsesReplyReader.Finish(json.ObjectOf("response") ?? json, status, []) ?? FinishReason.Stop;
        _deltas.Add(new ChoiceFinished(0, finish == FinishReason.Stop && _calls.Count > 0 ? FinishReason.ToolCalls : finish));
        if (OpenAIUsage.TryRead(data, out var usage))
        {
            _deltas.Add(new UsageKnown(usage));
        }
    }

    private void Fail(Fault fault)
    {
        _closed = true;
        _deltas.Add(new ReplyFailed(fault));
    }
}
