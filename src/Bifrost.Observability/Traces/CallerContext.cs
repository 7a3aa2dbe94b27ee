using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Observability.Traces;

/// <summary>The trace that a caller is in the middle of, as W3C's Trace Context writes it (https://www.w3.org/TR/trace-context/). What cannot be read is
/// ignored, as the recommendation asks.</summary>
internal static class CallerContext
{
    public const string Parent = "traceparent";
    public const string State = "tracestate";

    private const int KnownLength = 55;

    /// <summary>What vendors add is passed on up to here.</summary>
    private const int LongestState = 512;

    /// <summary>The default, which begins a new trace, when the caller is in none.</summary>
    public static ActivityContext Of(IHeaderDictionary headers)
    {
        if (headers.TraceParent is not [{ Length: >= KnownLength } parent])
        {
            return default;
        }

        // Later versions may say more after what the first one said.
        if (parent.Length > KnownLength && parent[KnownLength] == '-' && !parent.StartsWith("00", StringComparison.Ordinal))
        {
            parent = parent[..KnownLength];
        }

        return ActivityContext.TryParse(parent, StateOf(headers), isRemote: true, out var context) ? context : default;
    }

    private static string? StateOf(IHeaderDictionary headers)
    {
        var state = headers.TraceState;
        if (state.Count == 0)
        {
            return null;
        }

        var text = state.Count == 1 ? state[0]! : string.Join(',', state.ToArray());
        return text.Length is > 0 and <= LongestState && !text.AsSpan().ContainsAnyExceptInRange(' ', '~') ? text : null;
    }
}
