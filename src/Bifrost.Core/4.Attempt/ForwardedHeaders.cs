using System.Net.Http.Headers;
using Bifrost.Core.Admit;
using Microsoft.Extensions.Primitives;

namespace Bifrost.Core.Attempt;

/// <summary>The caller's headers that travel on: <c>x-bf-eh-NAME</c> as NAME, but for those that would let a caller pose as somebody else or
/// break the framing; the format switches that OpenAI-speaking servers know; and the caller's trace, where the gateway does not take part in it.</summary>
internal static class ForwardedHeaders
{
    private const string Prefix = "x-bf-eh-";

    private static readonly HashSet<string> Never = new(StringComparer.OrdinalIgnoreCase)
    {
        "authorization",
        "proxy-authorization",
        "cookie",
        "host",
        "content-length",
        "content-type",
        "content-encoding",
        "connection",
        "transfer-encoding",
        "te",
        "upgrade",
        "expect",
        "api-key",
        "x-api-key",
        "x-goog-api-key",
    };

    public static void Copy(Exchange exchange, HttpRequestHeaders to)
    {
        foreach (var header in exchange.Http.Request.Headers)
        {
            if (header.Key.Length > Prefix.Length && header.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            {
                var name = header.Key[Prefix.Length..].ToLowerInvariant();
                if (!Never.Contains(name) && !name.StartsWith("x-bf-", StringComparison.Ordinal))
                {
                    Add(to, name, header.Value);
                }
            }
            else if (
                header.Key.Equals("openai-beta", StringComparison.OrdinalIgnoreCase)
                || header.Key.Equals("range", StringComparison.OrdinalIgnoreCase)
                || (exchange.Trace is null && IsTrace(header.Key))
            )
            {
                Add(to, header.Key, header.Value);
            }
        }
    }

    private static bool IsTrace(string name) =>
        name.Equals("traceparent", StringComparison.OrdinalIgnoreCase) || name.Equals("tracestate", StringComparison.OrdinalIgnoreCase);

    private static void Add(HttpRequestHeaders to, string name, StringValues values)
    {
        foreach (var value in values)
        {
            // A virtual key is the gateway's secret, whatever header it was put in.
            if (value is not null && !value.Contains(CredentialCheck.VirtualKeyPrefix, StringComparison.OrdinalIgnoreCase))
            {
                to.TryAddWithoutValidation(name, value);
            }
        }
    }
}
