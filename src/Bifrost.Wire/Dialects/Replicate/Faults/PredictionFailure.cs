using System.Text.RegularExpressions;
using Bifrost.Wire.Faults;

namespace Bifrost.Wire.Dialects.Replicate;

public static partial class ReplicateFaults
{
    /// <summary>What a prediction that has ended means, or null when it is no failure.</summary>
    /// <param name="prediction">Terminal.</param>
    /// <param name="expectsFiles">An answer without output is a failure.</param>
    /// <param name="sized">The caller set a size, which may be what ran out of memory.</param>
    /// <param name="pastDeadline">Our own <c>Cancel-After</c> has elapsed.</param>
    public static ReplicateFault? OfPrediction(
        Prediction prediction,
        bool expectsFiles = false,
        bool sized = false,
        bool pastDeadline = false
    )
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return prediction.Status switch
        {
            PredictionStatus.Failed => OfError(prediction.Error, sized),
            PredictionStatus.Canceled when pastDeadline => Late("It was stopped at the time limit."),
            PredictionStatus.Canceled => new ReplicateFault(
                new Fault(FaultKind.Conflict, "It was cancelled at Replicate.") { Code = "canceled" }
            ),
            PredictionStatus.Aborted => NeverStarted,
            PredictionStatus.Succeeded => OfSuccess(prediction, expectsFiles),
            _ => null,
        };
    }

    /// <summary>What an error text means: of a failed prediction, or of a stream's <c>error</c> event.</summary>
    public static ReplicateFault OfError(string? error, bool sized = false)
    {
        error ??= "";
        var message = LastLine(error);
        if (ContentPolicy().IsMatch(error))
        {
            return Plain(FaultKind.ContentPolicy, message);
        }

        return OfCode(error, message, sized) ?? OfVendor(error, message) ?? OfValidation(error, message) ?? Unknown(error, message);
    }

    private static ReplicateFault? OfSuccess(Prediction prediction, bool expectsFiles)
    {
        if (prediction.DataRemoved && prediction.Output is null)
        {
            return Plain(FaultKind.Gone, "Replicate has removed the output: it is kept for one hour.");
        }

        if (!expectsFiles || PredictionFiles.Of(prediction.Output).Count > 0)
        {
            return null;
        }

        // A safety filter that removes every picture leaves an empty list behind.
        return prediction.Output is { ValueKind: System.Text.Json.JsonValueKind.Array } list && list.GetArrayLength() == 0
            ? Plain(FaultKind.ContentPolicy, "The model's safety filter removed every result.")
            : Plain(FaultKind.UpstreamInvalid, "The model finished without any output.", "empty_output");
    }

    private static ReplicateFault? OfCode(string error, string message, bool sized)
    {
        if (Memory().IsMatch(error))
        {
            return sized
                ? new ReplicateFault(Fault.Invalid(message, "size", "input_too_large"))
                : new ReplicateFault(new Fault(FaultKind.UpstreamError, message) { Code = "prediction_failed" });
        }

        if (Overload().IsMatch(error))
        {
            return Plain(FaultKind.UpstreamOverloaded, message, remedy: Remedy.RetryOnce);
        }

        return ErrorCode().Match(error) is { Success: true } found
            ? found.Groups[1].Value switch
            {
                "E6716" => Plain(FaultKind.UpstreamUnavailable, message, remedy: Remedy.RetryOnce),
                "E4875" => Plain(FaultKind.GatewayBug, message),
                _ => Plain(FaultKind.UpstreamError, message, "prediction_failed", Remedy.RetryOnce),
            }
            : null;
    }

    /// <summary>Models that wrap another vendor's API hand on that vendor's words.</summary>
    private static ReplicateFault? OfVendor(string error, string message)
    {
        if (VendorContext().IsMatch(error))
        {
            return new ReplicateFault(Fault.Invalid(message, "messages", "context_length_exceeded"));
        }

        if (VendorLimit().IsMatch(error))
        {
            return Plain(FaultKind.UpstreamRateLimited, message);
        }

        return VendorKey().IsMatch(error)
            ? Plain(FaultKind.UpstreamCredential, "The vendor behind the model does not accept the key that it was given.")
            : null;
    }

    private static ReplicateFault? OfValidation(string error, string message) =>
        !error.Contains("Traceback", StringComparison.Ordinal) && Validation().IsMatch(error)
            ? new ReplicateFault(Fault.Invalid(message, code: "invalid_input"))
            : null;

    private static ReplicateFault Unknown(string error, string message) =>
        Plain(
            FaultKind.UpstreamError,
            error.Length == 0 ? "The prediction failed, and Replicate gives no reason." : message,
            "prediction_failed"
        );

    private static ReplicateFault NeverStarted =>
        new(new Fault(FaultKind.Timeout, "It waited until the time limit and never started.") { NeverRan = true })
        {
            Remedy = Remedy.RetryOnce,
        };

    private static ReplicateFault Late(string message) => Plain(FaultKind.Timeout, message);

    private static ReplicateFault Plain(FaultKind kind, string message, string? code = null, Remedy remedy = Remedy.None) =>
        new(new Fault(kind, message) { Code = code }, remedy);

    /// <summary>The line of a traceback that says something.</summary>
    private static string LastLine(string error)
    {
        var text = error.AsSpan().TrimEnd();
        var cut = text.LastIndexOfAny('\n', '\r');
        var clean = Scrubbing.Clean(text[(cut + 1)..].ToString());
        return clean.Length > 0 ? clean : "The prediction failed.";
    }

    [GeneratedRegex(
        @"\(E005\)|flagged as sensitive|\bNSFW\b|safety (?:system|filter|checker|reason)|content policy|content moderation|\bmoderation\b|sensitive content",
        RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 200
    )]
    private static partial Regex ContentPolicy();

    [GeneratedRegex(@"\(E1001\)|out of memory", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 200)]
    private static partial Regex Memory();

    [GeneratedRegex(
        @"\(E003\)|high demand|service (?:is )?(?:temporarily )?unavailable",
        RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 200
    )]
    private static partial Regex Overload();

    [GeneratedRegex(@"\((E\d{3,4})\)", RegexOptions.None, matchTimeoutMilliseconds: 200)]
    private static partial Regex ErrorCode();

    [GeneratedRegex(
        @"context.?length|maximum context|context window|too many tokens|prompt is too long",
        RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 200
    )]
    private static partial Regex VendorContext();

    [GeneratedRegex(
        @"rate.?limit|too many requests|resource.?exhausted|\b429\b|quota exceeded|insufficient_quota",
        RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 200
    )]
    private static partial Regex VendorLimit();

    [GeneratedRegex(
        @"incorrect api key|invalid (?:x-)?api.?key|authentication_error|invalid_api_key",
        RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 200
    )]
    private static partial Regex VendorKey();

    [GeneratedRegex(
        @"input validation|is required|required field|must be|invalid image|unsupported|invalid input|not a valid|could not be decoded",
        RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 200
    )]
    private static partial Regex Validation();
}
