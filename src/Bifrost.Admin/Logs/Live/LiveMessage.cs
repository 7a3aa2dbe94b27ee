using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Admin.Logs.Live;

/// <summary>What somebody who watches is told, as published.</summary>
internal static class LiveMessage
{
    public static ReadOnlyMemory<byte> Of(LogRow row) =>
        Bytes(
            new JsonObject
            {
                ["type"] = "log",
                ["operation"] = "create",
                ["payload"] = RowView.Of(row),
            }
        );

    public static ReadOnlyMemory<byte> Missed(long count) =>
        Bytes(
            new JsonObject
            {
                ["type"] = "missed",
                ["data"] = new JsonObject { ["count"] = count },
            }
        );

    private static ReadOnlyMemory<byte> Bytes(JsonObject message)
    {
        var bytes = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(bytes))
        {
            message.WriteTo(json);
        }

        return bytes.WrittenMemory;
    }
}
