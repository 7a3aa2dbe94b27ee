using System.Globalization;
using System.Text.RegularExpressions;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Turns what Replicate says went wrong into our faults. Messages are scrubbed: no tokens, no addresses of the operator's account.</summary>
public static partial class ReplicateFaults
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);
    private static readonly TimeSpan CreditPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ShortPause = TimeSpan.FromSeconds(2);

    /// <param name="status">Of the answer; not 2xx.</param>
    /// <param name="contentType">Of the answer, or null.</param>
    /// <param name="body">Of the answer, or its beginning.</param>
    /// <param name="hints">From its headers.</param>
    /// <param name="ownKey">The caller brought its own token, so trouble with it is the caller's to mend.</param>
    /// <param name="call">What was tried.</param>
    /// <param name="unversioned">The call named a model without a version, so a version may still be found.</param>
    public static ReplicateFault OfHttp(
        int status,
        string? contentType,
        ReadOnlySpan<byte> body,
        RetryHints hints,
        bool ownKey,
        ReplicateCall call = ReplicateCall.Create,
        bool unversioned = false
    )
    {
        var isHtml = contentType?.Contains("html", StringComparison.OrdinalIgnoreCase) == true;
        var said = isHtml ? new ErrorBody() : ErrorBody.Read(body);
        var fault = status switch
        {
            401 => Credential(ownKey),
            402 => Credit(ownKey),
            403 => new ReplicateFault(new Fault(FaultKind.Forbidden, Words(said, "Replicate refuses this account the use of the model."))),
            404 => Missing(said, call, unversioned),
            409 => new ReplicateFault(
                new Fault(FaultKind.UpstreamRateLimited, Words(said, "The model is busy.")) { RetryAfter = ShortPause }
            ),
            413 => new ReplicateFault(
                new Fault(FaultKind.BodyTooLarge, Words(said, "Replicate takes files of up to 100 MB.")) { Code = "file_too_large" }
            ),
            422 => Unprocessable(said, call, unversioned),
            429 => Limited(said, hints),
            >= 400 and < 500 => new ReplicateFault(
                Fault.Invalid(Words(said, $"Replicate refused the request with status {status}."), said.Field, "invalid_input")
            ),
            500 when !isHtml => Broken(said, call),
            >= 500 => Unavailable(status, said, isHtml, hints, call),
            _ => new ReplicateFault(new Fault(FaultKind.UpstreamInvalid, $"Replicate answered with the unexpected status {status}.")),
        };
        return fault with { Fault = fault.Fault with { UpstreamStatus = status } };
    }

    private static ReplicateFault Credential(bool ownKey) =>
        ownKey
            ? new ReplicateFault(new Fault(FaultKind.InvalidCredential, "Replicate does not accept the API token that you sent."))
            : new ReplicateFault(new Fault(FaultKind.UpstreamCredential, "The gateway could not authenticate with Replicate."));

    private static ReplicateFault Credit(bool ownKey) =>
        ownKey
            ? new ReplicateFault(new Fault(FaultKind.InsufficientCredit, "Your Replicate account has not enough credit for this request."))
            : new ReplicateFault(
                new Fault(FaultKind.UpstreamCredit, "The gateway's account with Replicate cannot pay for this request.")
                {
                    RetryAfter = CreditPause,
                }
            );

    private static ReplicateFault Missing(ErrorBody said, ReplicateCall call, bool unversioned) =>
        call is ReplicateCall.Create or ReplicateCall.Describe
            ? new ReplicateFault(
                new Fault(FaultKind.ModelNotFound, Words(said, "Replicate has no such model or version.")) { Param = "model" },
                call == ReplicateCall.Create && unversioned ? Remedy.Reroute : Remedy.None
            )
            : new ReplicateFault(new Fault(FaultKind.NotFound, "Replicate does not know it, or no longer."));

    private static ReplicateFault Unprocessable(ErrorBody said, ReplicateCall call, bool unversioned)
    {
        if (said.Field is null && (said.Says("invalid version") || said.Says("not permitted") || said.Says("version does not exist")))
        {
            return Missing(said, call, unversioned);
        }

        if (said.Says("disabled") && said.Says("setup"))
        {
            return new ReplicateFault(
                new Fault(FaultKind.UpstreamDown, Words(said, "This version of the model does not start.")) { Code = "model_unavailable" }
            );
        }

        if (said.FieldType == "additional_property_not_allowed" && !said.FieldIsInput && said.Field is not null)
        {
            return new ReplicateFault(
                new Fault(FaultKind.GatewayBug, $"The gateway sent Replicate a field that it does not take: {said.Field}.")
            );
        }

        var message = said.FieldDescription is { Length: > 0 } description
            ? $"`{said.Field}`: {Scrubbing.Clean(description)}"
            : Words(said, "Replicate refused the input.");
        return new ReplicateFault(
            Fault.Invalid(message, said.Field, "invalid_input"),
            said.Field is null ? Remedy.None : Remedy.RefreshSchema
        );
    }

    private static ReplicateFault Limited(ErrorBody said, RetryHints hints)
    {
        var lowCredit = said.Says("credit") || said.Says("payment method") || said.Says("billing");
        var fault = new Fault(FaultKind.UpstreamRateLimited, "Replicate's rate limit is reached. Try again later.")
        {
            RetryAfter = Wait(said, hints),
        };
        return new ReplicateFault(fault, lowCredit ? Remedy.SlowKey : Remedy.None);
    }

    // A create that ends like this may have started a prediction: it is not repeated.
    private static ReplicateFault Broken(ErrorBody said, ReplicateCall call)
    {
        var message = Words(said, "Replicate answered with an internal error.");
        return IsRepeatable(call)
            ? new ReplicateFault(new Fault(FaultKind.UpstreamUnavailable, message) { Code = "upstream_error" })
            : new ReplicateFault(new Fault(FaultKind.UpstreamError, message));
    }

    // 503 says that the request was not taken up. 502, 504 and the edge's own statuses leave that open.
    private static ReplicateFault Unavailable(int status, ErrorBody said, bool isHtml, RetryHints hints, ReplicateCall call)
    {
        var kind = status == 503 || IsRepeatable(call) ? FaultKind.UpstreamUnavailable : FaultKind.UpstreamDown;
        var message = isHtml ? "Replicate is not available at the moment." : Words(said, "Replicate is not available at the moment.");
        return new ReplicateFault(new Fault(kind, message) { RetryAfter = Bounded(hints.RetryAfter) ?? ShortPause });
    }

    private static bool IsRepeatable(ReplicateCall call) => call is ReplicateCall.Get or ReplicateCall.Cancel or ReplicateCall.Describe;

    private static TimeSpan? Wait(ErrorBody said, RetryHints hints) =>
        Bounded(hints.RetryAfter) ?? Seconds(said.RetryAfter) ?? Seconds(FromText(said.Detail)) ?? Bounded(hints.Reset);

    private static double? FromText(string detail) =>
        WaitInText().Match(detail) is { Success: true } found
        && double.TryParse(found.Groups[1].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : null;

    private static TimeSpan? Seconds(double? seconds) => seconds is >= 0 and < 1e6 ? Bounded(TimeSpan.FromSeconds(seconds.Value)) : null;

    private static TimeSpan? Bounded(TimeSpan? wait) =>
        wait is not { } time || time < TimeSpan.Zero ? null
        : time > LongestWait ? LongestWait
        : time;

    private static string Words(ErrorBody said, string otherwise)
    {
        var text = Scrubbing.Clean(said.Detail.Length > 0 ? said.Detail : said.Title);
        return text.Length > 0 ? text : otherwise;
    }

    [GeneratedRegex(@"(\d{1,6}(?:\.\d{1,6})?)\s*(?:s\b|sec)", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 200)]
    private static partial Regex WaitInText();
}
