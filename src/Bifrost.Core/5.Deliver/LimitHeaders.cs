using System.Globalization;
using Bifrost.Core.Contracts;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Deliver;

/// <summary>How the caller's own rate limits stand, under the names that OpenAI's clients know. Where the gateway limits, the provider's numbers,
/// which are of an account that many share, are not shown.</summary>
/// <remarks>https://platform.openai.com/docs/guides/rate-limits#rate-limits-in-headers</remarks>
internal static class LimitHeaders
{
    public static void Write(RateLimitView? requests, RateLimitView? tokens, IHeaderDictionary headers)
    {
        if (requests is null && tokens is null)
        {
            return;
        }

        Set(headers, "x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests", requests);
        Set(headers, "x-ratelimit-limit-tokens", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens", tokens);
    }

    /// <summary>As OpenAI writes it: <c>20ms</c>, <c>1s</c>, <c>6m0s</c>, <c>2h0m5s</c>.</summary>
    internal static string Text(TimeSpan wait)
    {
        if (wait < TimeSpan.FromSeconds(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, (long)Math.Ceiling(wait.TotalMilliseconds))}ms");
        }

        var seconds = (long)Math.Ceiling(wait.TotalSeconds);
        return seconds switch
        {
            < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds}s"),
            < 3600 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60}m{seconds % 60}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600}h{seconds / 60 % 60}m{seconds % 60}s"),
        };
    }

    private static void Set(IHeaderDictionary headers, string limit, string remaining, string reset, RateLimitView? view)
    {
        if (view is not { } now)
        {
            headers.Remove(limit);
            headers.Remove(remaining);
            headers.Remove(reset);
            return;
        }

        headers[limit] = now.Limit.ToString(CultureInfo.InvariantCulture);
        headers[remaining] = Math.Max(0, now.Remaining).ToString(CultureInfo.InvariantCulture);
        headers[reset] = Text(now.ResetAfter);
    }
}
