namespace Bifrost.Wire.Faults;

/// <summary>What follows from a fault.</summary>
/// <param name="Status">HTTP status shown to the caller unless the fault carries the upstream's own.</param>
/// <param name="Type">OpenAI's <c>error.type</c>.</param>
/// <param name="Code">OpenAI's <c>error.code</c> unless the fault names a closer one.</param>
/// <param name="Culprit">Who has to act.</param>
/// <param name="MayRetry">The same target may be tried again: the request certainly was not accepted.</param>
/// <param name="MayFallBack">Another target may be tried.</param>
/// <param name="HurtsHealth">Counts against the target's health.</param>
/// <param name="Governs">One of the operator's own rules: written with the published outer members, its type and code the same word.</param>
public sealed record FaultRule(
    int Status,
    string Type,
    string? Code,
    Culprit Culprit,
    bool MayRetry,
    bool MayFallBack,
    bool HurtsHealth,
    bool Governs = false
);

/// <summary>The one place that decides status, culprit and whether another attempt is allowed.</summary>
public static class FaultTable
{
    private const string Invalid = "invalid_request_error";
    private const string Upstream = "upstream_error";

    private static readonly FaultRule[] Rules = Build();

    public static FaultRule Of(FaultKind kind) => Rules[(int)kind];

    private static FaultRule[] Build()
    {
        var rules = new FaultRule[Enum.GetValues<FaultKind>().Length];

        void Row(
            FaultKind kind,
            int status,
            string type,
            string? code,
            Culprit culprit,
            bool retry = false,
            bool fallBack = false,
            bool hurts = false
        ) => rules[(int)kind] = new FaultRule(status, type, code, culprit, retry, fallBack, hurts);

        Row(FaultKind.InvalidRequest, 400, Invalid, null, Culprit.Caller);
        Row(FaultKind.UnsupportedParameter, 400, Invalid, "unsupported_parameter", Culprit.Caller);
        Row(FaultKind.UnsupportedOperation, 400, Invalid, "unsupported_operation", Culprit.Caller, fallBack: true);
        Row(FaultKind.ContentPolicy, 400, Invalid, "content_policy_violation", Culprit.Caller);
        Row(FaultKind.MissingCredential, 401, "authentication_error", "missing_api_key", Culprit.Caller);
        Row(FaultKind.InvalidCredential, 401, "authentication_error", "invalid_api_key", Culprit.Caller);
        Row(FaultKind.InsufficientCredit, 402, "insufficient_quota", "insufficient_quota", Culprit.Caller);
        Row(FaultKind.Forbidden, 403, "permission_error", "permission_denied", Culprit.Caller, fallBack: true);
        Row(FaultKind.NotFound, 404, Invalid, "not_found", Culprit.Caller);
        Row(FaultKind.ModelNotFound, 404, Invalid, "model_not_found", Culprit.Caller, fallBack: true);
        Row(FaultKind.MethodNotAllowed, 405, Invalid, "method_not_allowed", Culprit.Caller);
        Row(FaultKind.Conflict, 409, Invalid, "conflict", Culprit.Caller);
        Row(FaultKind.Gone, 410, Invalid, "expired", Culprit.Caller);
        Row(FaultKind.BodyTooLarge, 413, Invalid, "request_too_large", Culprit.Caller);
        Row(FaultKind.RateLimited, 429, "rate_limit_error", "rate_limit_exceeded", Culprit.Caller);
        Row(FaultKind.CallerLeft, 499, "request_cancelled", "request_cancelled", Culprit.Caller);
        Row(FaultKind.GatewayBug, 500, "server_error", "internal_error", Culprit.Gateway);
        Row(FaultKind.NotOffered, 501, Invalid, "not_supported", Culprit.Gateway);
        Row(FaultKind.ShuttingDown, 503, "server_error", "shutting_down", Culprit.Gateway);
        Row(FaultKind.UpstreamRejected, 400, Invalid, null, Culprit.Caller);
        Row(FaultKind.UpstreamCredential, 502, Upstream, "upstream_authentication_error", Culprit.Gateway, fallBack: true, hurts: true);
        Row(FaultKind.UpstreamCredit, 503, Upstream, "upstream_billing_error", Culprit.Gateway, fallBack: true, hurts: true);
        Row(FaultKind.UpstreamRateLimited, 429, "rate_limit_error", "rate_limit_exceeded", Culprit.Target, retry: true, fallBack: true);
        Row(FaultKind.UpstreamError, 502, Upstream, "upstream_error", Culprit.Target, fallBack: true, hurts: true);
        Row(FaultKind.UpstreamInvalid, 502, Upstream, "upstream_invalid_response", Culprit.Target, fallBack: true, hurts: true);
        Row(FaultKind.UpstreamUnavailable, 503, Upstream, "service_unavailable", Culprit.Target, retry: true, fallBack: true, hurts: true);
        Row(FaultKind.UpstreamDown, 503, Upstream, "service_unavailable", Culprit.Target, fallBack: true, hurts: true);
        Row(FaultKind.UpstreamOverloaded, 503, Upstream, "model_overloaded", Culprit.Target, retry: true, fallBack: true, hurts: true);
        Row(FaultKind.Unreachable, 503, Upstream, "upstream_unreachable", Culprit.Target, retry: true, fallBack: true, hurts: true);
        Row(FaultKind.Timeout, 504, "request_timed_out", "timeout", Culprit.Target, fallBack: true, hurts: true);

        void Governed(FaultKind kind, int status, string word, bool fallBack = false) =>
            rules[(int)kind] = new FaultRule(
                status,
                word,
                word,
                Culprit.Caller,
                MayRetry: false,
                fallBack,
                HurtsHealth: false,
                Governs: true
            );

        Governed(FaultKind.MissingHeaders, 400, "missing_required_headers");
        Governed(FaultKind.VirtualKeyRequired, 401, "virtual_key_required");
        Governed(FaultKind.VirtualKeyNotFound, 403, "virtual_key_not_found");
        Governed(FaultKind.VirtualKeyBlocked, 403, "virtual_key_blocked");
        // A limit may be of one provider or model alone, and cost less elsewhere.
        Governed(FaultKind.ProviderBlocked, 403, "provider_blocked", fallBack: true);
        Governed(FaultKind.ModelBlocked, 403, "model_blocked", fallBack: true);
        // Not 402: no money would help.
        Governed(FaultKind.ModelUnpriced, 403, "model_unpriced", fallBack: true);
        Governed(FaultKind.BudgetExceeded, 402, "budget_exceeded", fallBack: true);
        Governed(FaultKind.TokenLimited, 429, "token_limited", fallBack: true);
        Governed(FaultKind.RequestLimited, 429, "request_limited", fallBack: true);
        Governed(FaultKind.RateLimitedTwice, 429, "rate_limited", fallBack: true);
        Governed(FaultKind.ConcurrencyLimited, 429, "concurrency_limited", fallBack: true);
        return rules;
    }
}
