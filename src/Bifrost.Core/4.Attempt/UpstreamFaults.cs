using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Wire.Faults;

namespace Bifrost.Core.Attempt;

/// <summary>What a failed HTTP request of the verbatim kind means.</summary>
internal static class UpstreamFaults
{
    private const int MaxMessage = 2000;

    public static Fault OfException(HttpRequestException failed, Target target)
    {
        // Only these happen before the request can have left.
        var neverLeft =
            failed.HttpRequestError
            is HttpRequestError.NameResolutionError
                or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError
                or HttpRequestError.ProxyTunnelError;
        var host = target.Provider.Base.Authority;
        return neverLeft
            ? new Fault(FaultKind.Unreachable, $"{target.Provider.Id} cannot be reached at {host}: {failed.Message}") { Cause = failed }
            : new Fault(FaultKind.UpstreamError, $"The connection to {target.Provider.Id} broke before it answered: {failed.Message}")
            {
                Cause = failed,
            };
    }

    public static Fault OfResponse(HttpResponseMessage response, ReadOnlySpan<byte> body, Target target)
    {
        var status = (int)response.StatusCode;
        var own = target.Key.IsDirect;
        body = WithoutKey(body, target.Key);
        var kind = status switch
        {
            401 => own ? FaultKind.InvalidCredential : FaultKind.UpstreamCredential,
            402 => own ? FaultKind.InsufficientCredit : FaultKind.UpstreamCredit,
            403 => FaultKind.Forbidden,
            429 => FaultKind.UpstreamRateLimited,
            503 => FaultKind.UpstreamUnavailable,
            504 => FaultKind.Timeout,
            >= 500 => FaultKind.UpstreamError,
            _ => FaultKind.UpstreamRejected,
        };
        var (message, type) = Read(body);
        return new Fault(kind, Sentence(kind, status, message, target))
        {
            UpstreamStatus = status,
            RetryAfter = RetryAfterOf(response),
            Code = kind == FaultKind.UpstreamRejected ? type : null,
            // A refused credential is quoted in such bodies; everything else the caller may read in the provider's own words.
            UpstreamBody = kind is FaultKind.UpstreamRejected or FaultKind.UpstreamRateLimited ? body.ToArray() : default,
        };
    }

    /// <summary>Some quote the credential that they were shown: the operator's, and no caller's to see.</summary>
    private static ReadOnlySpan<byte> WithoutKey(ReadOnlySpan<byte> body, KeyModel key)
    {
        if (key.Value.IsEmpty || body.IndexOf(Encoding.UTF8.GetBytes(key.Value.Reveal())) < 0)
        {
            return body;
        }

        return Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(body).Replace(key.Value.Reveal(), "***", StringComparison.Ordinal));
    }

    private static string Sentence(FaultKind kind, int status, string? message, Target target)
    {
        var provider = target.Provider.Id;
        return kind switch
        {
            FaultKind.UpstreamCredential => $"{provider} refused the gateway's key \"{target.Key.Name}\". The operator must replace it.",
            FaultKind.InvalidCredential => $"{provider} refused the key that came with the request.",
            FaultKind.UpstreamCredit => $"The account of the gateway's key \"{target.Key.Name}\" at {provider} has no credit left.",
            _ when message is not null => message,
            _ => $"{provider} answered with status {status} {(HttpStatusCode)status}.",
        };
    }

    public static TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        var after = response.Headers.RetryAfter;
        if (after?.Delta is { } delta)
        {
            return delta;
        }

        return
            response.Headers.TryGetValues("retry-after-ms", out var values)
            && double.TryParse(string.Concat(values), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds is >= 0 and < 3_600_000
            ? TimeSpan.FromMilliseconds(milliseconds)
            : null;
    }

    /// <summary>The message and code of an OpenAI-shaped error, or nulls.</summary>
    private static (string? Message, string? Code) Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var error = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("error", out var inner) ? inner : root;
            return error.ValueKind switch
            {
                JsonValueKind.String => (Clip(error.GetString()), null),
                JsonValueKind.Object => (Clip(TextOf(error, "message") ?? TextOf(error, "detail")), TextOf(error, "code")),
                _ => (null, null),
            };
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: an escape is half a character.
            return (null, null);
        }
    }

    private static string? TextOf(JsonElement value, string name) =>
        value.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static string? Clip(string? text) => text is null || text.Length <= MaxMessage ? text : text[..MaxMessage] + "…";
}
