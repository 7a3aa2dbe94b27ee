using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Observability.Metrics;

namespace Bifrost.Observability.Traces;

/// <summary>Names of exchanges' spans, such as <c>POST /v1/chat/completions</c>: few, whatever callers ask.</summary>
internal static class RouteName
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<(string Method, string Path), string> Names = new();

    /// <summary>Only for exchanges with an operation, so that there are no more names than doors.</summary>
    public static string Of(Exchange exchange) =>
        Names.GetOrAdd((exchange.Http.Request.Method, HttpPath.Of(exchange)), static key => $"{key.Method} {key.Path}");
}
