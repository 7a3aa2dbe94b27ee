using System.Text.Json;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.OpenAI;
using Bifrost.Wire.Faults;
using Bifrost.Wire.Json;

namespace Bifrost.Wire.Dialects.OpenAIResponses;

/// <summary>Reads the response object. One that failed is still a reply, with its status and fault: it may have been fetched later.</summary>
internal static class ResponsesReplyReader
{
    public static Outcome<Reply> Read(ReadOnlySpan<byte> body, string model)
    {
        if (!UpstreamJson.TryReadObject(body, out var json))
        {
            return new Fault(FaultKind.UpstreamInvalid, "The provider's answer is not a JSON object.");
        }

        if (json.TextOf("id") is not { } id || json.ArrayOf("output") is null && json.TextOf("status") is null)
        {
            return json.ObjectOf("error") is { } error
                ? OpenAIFaults.Read(error)
                : new Fault(FaultKind.UpstreamInvalid, "The provider's answer is not a response object.");
        }

        var status = Status(json.TextOf("status"));
        var blocks = json.ArrayOf("output") is { } output ? Blocks(output) : [];
        return new Reply
        {
            Id = ReplyIds.Without(ReplyIds.Response, id),
            CreatedAt = json.TimeOf("created_at"),
            Model = model,
            Choices = [new Choice(0, blocks, Finish(json, status, blocks))],
            Usage = OpenAIUsage.TryRead(body, out var usage) ? usage : null,
            Status = status,
            Fault = status == ReplyStatus.Failed ? Failure(json) : null,
        };
    }

    /// <summary>The fault of a response whose status is failed.</summary>
    public static Fault Failure(JsonElement response) =>
        response.ObjectOf("error") is { } error
            ? OpenAIFaults.Read(error)
            : new Fault(FaultKind.UpstreamError, "The provider failed without saying why.");

    /// <summary>Why an ended response ended; null while it runs and when it was stopped.</summary>
    public static FinishReason? Finish(JsonElement response, ReplyStatus status, IReadOnlyList<Block> blocks)
    {
        if (status == ReplyStatus.Incomplete)
        {
            return response.ObjectOf("incomplete_details")?.TextOf("reason") == "content_filter"
                ? FinishReason.ContentFilter
                : FinishReason.Length;
        }

        if (status != ReplyStatus.Completed)
        {
            return null;
        }

        foreach (var block in blocks)
        {
            if (block is ToolCallBlock)
            {
                return FinishReason.ToolCalls;
            }
        }

        return FinishReason.Stop;
    }

    private static ReplyStatus Status(string? word) =>
        word switch
        {
            "queued" => ReplyStatus.Queued,
            "in_progress" => ReplyStatus.InProgress,
            "incomplete" => ReplyStatus.Incomplete,
            "failed" => ReplyStatus.Failed,
            "cancelled" => ReplyStatus.Cancelled,
            _ => ReplyStatus.Completed,
        };

    private static List<Block> Blocks(JsonElement output)
    {
        var blocks = new List<Block>();
        foreach (var item in output.EnumerateArray())
        {
            switch (item.TextOf("type"))
            {
                case "message":
                    AddParts(item, blocks);
                    break;
                case "reasoning":
                    AddReasoning(item, blocks);
                    break;
                case "function_call":
                    var name = item.TextOf("name") ?? "";
                    blocks.Add(new ToolCallBlock(item.TextOf("call_id") ?? name, name, item.TextOf("arguments") ?? ""));
                    break;
                case not null:
                    blocks.Add(new ForeignBlock(OpenAIResponsesDialect.ItemDialect, item));
                    break;
            }
        }

        return blocks;
    }

    private static void AddParts(JsonElement message, List<Block> blocks)
    {
        if (message.ArrayOf("content") is not { } parts)
        {
            return;
        }

        foreach (var part in parts.EnumerateArray())
        {
            if (part.TextOf("text") is { } text)
            {
                blocks.Add(new TextBlock(text));
            }
            else if (part.TextOf("refusal") is { } refusal)
            {
                blocks.Add(new RefusalBlock(refusal));
            }
        }
    }

    // OpenAI keeps most thoughts to itself: an item with neither text nor signature says nothing.
    private static void AddReasoning(JsonElement item, List<Block> blocks)
    {
        var text = ResponsesItemReader.ReasoningText(item);
        var signature = item.TextOf("encrypted_content");
        if (text.Length > 0 || signature is not null)
        {
            blocks.Add(new ReasoningBlock(text, signature));
        }
    }
}
