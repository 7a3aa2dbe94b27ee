using System.Buffers;
using System.Text;
using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Framing;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>The part of a response's stream between its start and its end: opens, feeds and closes output items and their parts, each as
/// pieces of another kind arrive, and counts the events. At most one item is open: models write one after the other.</summary>
internal sealed class ResponsesItemStream
{
    private readonly List<Block> _blocks = [];
    private readonly StringBuilder _text = new();
    private Item _item;
    private Part _part;
    private string _itemId = "";
    private int _index = -1;
    private int _partIndex;
    private int _messageStart;
    private ToolCallPiece? _call;
    private long _number;

    private enum Item
    {
        None,
        Message,
        Reasoning,
        Call,
    }

    private enum Part
    {
        None,
        Text,
        Refusal,
    }

    public string ReplyId { get; set; } = "";

    /// <summary>What the closed parts and items said.</summary>
    public IReadOnlyList<Block> Blocks => _blocks;

    public long NextNumber() => _number++;

    public void Text(string piece, IBufferWriter<byte> output)
    {
        OpenPart(Part.Text, output);
        Delta("response.output_text.delta"u8, piece, output);
    }

    public void Refusal(string piece, IBufferWriter<byte> output)
    {
        OpenPart(Part.Refusal, output);
        Delta("response.refusal.delta"u8, piece, output);
    }

    public void Reasoning(string piece, IBufferWriter<byte> output)
    {
        if (_item != Item.Reasoning)
        {
            Open(Item.Reasoning, ResponsesOutput.ReasoningId(ReplyId, _index + 1), output);
            SummaryPart("response.reasoning_summary_part.added"u8, "", output);
        }

        Delta("response.reasoning_summary_text.delta"u8, piece, output);
    }

    public void Call(ToolCallPiece piece, IBufferWriter<byte> output)
    {
        if (_item != Item.Call || _call?.Call != piece.Call)
        {
            Close(output);
            _call = piece;
            Open(Item.Call, ResponsesOutput.CallId(ReplyId, _index + 1), output);
        }

        if (piece.Arguments.Length > 0)
        {
            Delta("response.function_call_arguments.delta"u8, piece.Arguments, output);
        }
    }

    /// <summary>Closes the open item with all its events.</summary>
    /// <param name="output">Where they go.</param>
    /// <param name="status">completed, or incomplete when the answer was cut there.</param>
    public void Close(IBufferWriter<byte> output, string status = "completed")
    {
        switch (_item)
        {
            case Item.Message:
                ClosePart(output);
                break;
            case Item.Reasoning:
                WithText("response.reasoning_summary_text.done"u8, "text"u8, output);
                SummaryPart("response.reasoning_summary_part.done"u8, _text.ToString(), output);
                Keep();
                break;
            case Item.Call:
                WithText("response.function_call_arguments.done"u8, "arguments"u8, output);
                Keep();
                break;
            default:
                return;
        }

        ItemEvent("response.output_item.done"u8, isDone: true, status, output);
        _item = Item.None;
    }

    /// <summary>Keeps what was said so far without a word: nothing follows but the failure.</summary>
    public void Abandon()
    {
        if (_item != Item.None && (_item != Item.Message || _part != Part.None))
        {
            Keep();
        }

        _item = Item.None;
    }

    private void OpenPart(Part part, IBufferWriter<byte> output)
    {
        if (_item != Item.Message)
        {
            Open(Item.Message, ResponsesOutput.MessageId(ReplyId, _index + 1), output);
        }

        if (_part == part)
        {
            return;
        }

        ClosePart(output);
        _part = part;
        PartEvent("response.content_part.added"u8, PartBlock(), output);
    }

    private void ClosePart(IBufferWriter<byte> output)
    {
        if (_part == Part.None)
        {
            return;
        }

        var isText = _part == Part.Text;
        WithText(isText ? "response.output_text.done"u8 : "response.refusal.done"u8, isText ? "text"u8 : "refusal"u8, output);
        PartEvent("response.content_part.done"u8, PartBlock(), output);
        Keep();
        _part = Part.None;
        _partIndex++;
    }

    private void Open(Item item, string id, IBufferWriter<byte> output)
    {
        Close(output);
        (_item, _itemId, _part, _partIndex, _messageStart) = (item, id, Part.None, 0, _blocks.Count);
        _index++;
        ItemEvent("response.output_item.added"u8, isDone: false, "in_progress", output);
    }

    private Block PartBlock() => _part == Part.Refusal ? new RefusalBlock(_text.ToString()) : new TextBlock(_text.ToString());

    private ToolCallBlock CallBlock() => new(_call?.Id ?? "", _call?.Name ?? "", _text.ToString());

    private void Keep()
    {
        _blocks.Add(
            _item switch
            {
                Item.Reasoning => new ReasoningBlock(_text.ToString()),
                Item.Call => CallBlock(),
                _ => PartBlock(),
            }
        );
        _text.Clear();
    }

    private void Delta(ReadOnlySpan<byte> name, string piece, IBufferWriter<byte> output)
    {
        _text.Append(piece);
        using var json = Start(name, output);
        WritePlace(json.Json);
        json.Json.WriteString("delta"u8, piece);
        if (_part == Part.Text)
        {
            WriteNoLogProbs(json.Json);
        }
    }

    private void WithText(ReadOnlySpan<byte> name, ReadOnlySpan<byte> member, IBufferWriter<byte> output)
    {
        using var json = Start(name, output);
        WritePlace(json.Json);
        if (_item == Item.Call)
        {
            json.Json.WriteString("name"u8, _call?.Name);
        }

        json.Json.WriteString(member, _text.ToString());
        if (_part == Part.Text)
        {
            WriteNoLogProbs(json.Json);
        }
    }

    private void PartEvent(ReadOnlySpan<byte> name, Block part, IBufferWriter<byte> output)
    {
        using var json = Start(name, output);
        WritePlace(json.Json);
        json.Json.WritePropertyName("part"u8);
        ResponsesOutput.WritePart(part, json.Json);
    }

    private void SummaryPart(ReadOnlySpan<byte> name, string text, IBufferWriter<byte> output)
    {
        using var json = Start(name, output);
        WritePlace(json.Json);
        json.Json.WriteStartObject("part"u8);
        json.Json.WriteString("type"u8, "summary_text"u8);
        json.Json.WriteString("text"u8, text);
        json.Json.WriteEndObject();
    }

    private void ItemEvent(ReadOnlySpan<byte> name, bool isDone, string status, IBufferWriter<byte> output)
    {
        using var json = Start(name, output);
        json.Json.WriteNumber("output_index"u8, _index);
        json.Json.WritePropertyName("item"u8);
        WriteItem(isDone, status, json.Json);
    }

    private void WriteItem(bool isDone, string status, Utf8JsonWriter json)
    {
        switch (_item)
        {
            case Item.Reasoning:
                ResponsesOutput.WriteReasoning(_itemId, isDone ? (ReasoningBlock)_blocks[^1] : new ReasoningBlock(""), json);
                break;
            case Item.Call:
                ResponsesOutput.WriteCall(_itemId, isDone ? (ToolCallBlock)_blocks[^1] : CallBlock(), status, json);
                break;
            default:
                ResponsesOutput.StartMessage(_itemId, status, json);
                for (var i = _messageStart; i < _blocks.Count; i++)
                {
                    ResponsesOutput.WritePart(_blocks[i], json);
                }

                ResponsesOutput.EndMessage(json);
                break;
        }
    }

    private void WritePlace(Utf8JsonWriter json)
    {
        json.WriteString("item_id"u8, _itemId);
        json.WriteNumber("output_index"u8, _index);
        if (_item == Item.Message)
        {
            json.WriteNumber("content_index"u8, _partIndex);
        }
        else if (_item == Item.Reasoning)
        {
            json.WriteNumber("summary_index"u8, 0);
        }
    }

    private static void WriteNoLogProbs(Utf8JsonWriter json)
    {
        json.WriteStartArray("logprobs"u8);
        json.WriteEndArray();
    }

    private OpenEvent Start(ReadOnlySpan<byte> name, IBufferWriter<byte> output) => new(name, NextNumber(), output);

    /// <summary>An event whose data is being written.</summary>
    private readonly ref struct OpenEvent : IDisposable
    {
        private readonly JsonLease _lease;
        private readonly IBufferWriter<byte> _output;

        public OpenEvent(ReadOnlySpan<byte> name, long number, IBufferWriter<byte> output)
        {
            _output = output;
            SseWriter.Name(name, output);
            output.Write(SseWriter.DataStart);
            _lease = JsonLease.On(output);
            Json.WriteStartObject();
            Json.WriteString("type"u8, name);
            Json.WriteNumber("sequence_number"u8, number);
        }

        public Utf8JsonWriter Json => _lease.Json;

        public void Dispose()
        {
            Json.WriteEndObject();
            _lease.Dispose();
            _output.Write(SseWriter.EventEnd);
        }
    }
}
