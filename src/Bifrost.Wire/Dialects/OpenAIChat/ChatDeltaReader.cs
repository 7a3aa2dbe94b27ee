using System.Text.Json;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIChat;

/// <summary>Reads a stream of chunks. Usage is held back until the end: some servers send running totals with every chunk.</summary>
internal sealed class ChatDeltaReader(string model) : IDeltaReader<ReplyDelta>, ISseSink
{
    private readonly SseReader _events = new();

    // Whether each choice seen so far has finished.
    private readonly SortedDictionary<int, bool> _choices = [];
    private ICollection<ReplyDelta> _deltas = [];
    private Usage? _usage;
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
        if (_closed)
        {
            return;
        }

        if (_choices.Count == 0 || _choices.ContainsValue(false))
        {
            Fail(new Fault(FaultKind.UpstreamInvalid, "The provider's stream ended before the answer was finished."));
            return;
        }

        Close();
    }

    void ISseSink.OnComment(ReadOnlySpan<byte> text) { }

    void ISseSink.OnEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data, ReadOnlySpan<byte> id)
    {
        data = data.Trim(" \t\n"u8);
        if (_closed || data.IsEmpty)
        {
            return;
        }

        if (data.SequenceEqual("[DONE]"u8))
        {
            TakeDone();
        }
        else if (!UpstreamJson.TryReadObject(data, out var json))
        {
            Fail(new Fault(FaultKind.UpstreamInvalid, "The provider's stream holds an event that is not a JSON object."));
        }
        else if (json.ObjectOf("error") is { } error)
        {
            Fail(OpenAIFaults.Read(error));
        }
        else
        {
            TakeChunk(json);
            _usage = OpenAIUsage.TryRead(data, out var usage) ? usage : _usage;
        }
    }

    private void TakeDone()
    {
        if (_choices.Count == 0)
        {
            Fail(new Fault(FaultKind.UpstreamInvalid, "The provider's stream holds no answer."));
            return;
        }

        // [DONE] says that all is well even when a server forgot to give its reasons.
        foreach (var (choice, finished) in _choices)
        {
            if (!finished)
            {
                _deltas.Add(new ChoiceFinished(choice, FinishReason.Stop));
            }
        }

        Close();
    }

    private void Close()
    {
        _closed = true;
        if (_usage is not null)
        {
            _deltas.Add(new UsageKnown(_usage));
        }
    }

    private void Fail(Fault fault)
    {
        _closed = true;
        _deltas.Add(new ReplyFailed(fault));
    }

    private void TakeChunk(JsonElement json)
    {
        if (!_started)
        {
            _started = true;
            _deltas.Add(new ReplyStarted(ReplyIds.Without(ReplyIds.Chat, json.TextOf("id")), json.TimeOf("created"), model));
        }

        if (json.ArrayOf("choices") is not { } choices)
        {
            return;
        }

        foreach (var choice in choices.EnumerateArray())
        {
            TakeChoice(choice.IndexOf("index") ?? 0, choice);
        }
    }

    private void TakeChoice(int index, JsonElement choice)
    {
        if (_choices.TryGetValue(index, out var finished) && finished)
        {
            return;
        }

        _choices[index] = false;
        if (choice.ObjectOf("delta") is { } delta)
        {
            TakeDelta(index, delta);
        }

        if (choice.TextOf("finish_reason") is { } word)
        {
            _choices[index] = true;
            _deltas.Add(new ChoiceFinished(index, FinishReasons.Read(word)));
        }
    }

    private void TakeDelta(int index, JsonElement delta)
    {
        if ((delta.TextOf("reasoning_content") ?? delta.TextOf("reasoning")) is { Length: > 0 } reasoning)
        {
            _deltas.Add(new ReasoningPiece(index, reasoning));
        }

        if (ChatReplyReader.Content(delta) is { Length: > 0 } text)
        {
            _deltas.Add(new TextPiece(index, text));
        }

        if (delta.TextOf("refusal") is { Length: > 0 } refusal)
        {
            _deltas.Add(new RefusalPiece(index, refusal));
        }

        if (delta.ArrayOf("tool_calls") is { } calls)
        {
            var position = 0;
            foreach (var call in calls.EnumerateArray())
            {
                TakeCall(index, call.IndexOf("index") ?? position, call.TextOf("id"), call.ObjectOf("function"));
                position++;
            }
        }

        if (delta.ObjectOf("function_call") is { } legacy)
        {
            TakeCall(index, 0, legacy.TextOf("name"), legacy);
        }
    }

    private void TakeCall(int choice, int call, string? id, JsonElement? function)
    {
        var name = function?.TextOf("name");
        var arguments = function is { } named ? ChatReplyReader.Arguments(named) : "";
        _deltas.Add(new ToolCallPiece(choice, call, Filled(id), Filled(name), arguments));
    }

    // Several servers repeat empty ids and names on every piece.
    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
