using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Admin.Logs;

/// <summary>What was asked and answered, as it was kept: text, because it may have been cut, and then is no JSON.</summary>
internal static class PayloadView
{
    public static JsonObject Of(LogPayload payload) =>
        new()
        {
            ["request"] = Text(payload.Request),
            ["response"] = Text(payload.Response),
            ["truncated"] = payload.Truncated,
        };

    private static string? Text(ReadOnlyMemory<byte> bytes) => bytes.Length == 0 ? null : Encoding.UTF8.GetString(bytes.Span);
}
