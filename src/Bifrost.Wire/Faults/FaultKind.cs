namespace Bifrost.Wire.Faults;

/// <summary>What went wrong. <see cref="FaultTable"/> says what follows from each: status, culprit, another attempt or not.</summary>
public enum FaultKind
{
    InvalidRequest,
    UnsupportedParameter,
    UnsupportedOperation,
    ContentPolicy,
    MissingCredential,
    InvalidCredential,
    InsufficientCredit,
    Forbidden,
    NotFound,
    ModelNotFound,
    MethodNotAllowed,
    Conflict,
    Gone,
    BodyTooLarge,
    RateLimited,
    CallerLeft,
    GatewayBug,
    NotOffered,
    ShuttingDown,
    UpstreamRejected,
    UpstreamCredential,
    UpstreamCredit,
    UpstreamRateLimited,
    UpstreamError,
    UpstreamInvalid,
    UpstreamUnavailable,

    /// <summary>Not served, and another attempt at the same target is unsafe (it may have been accepted) or useless.</summary>
    UpstreamDown,
    UpstreamOverloaded,
    Unreachable,
    Timeout,

    // What an operator's own rules refuse; published words, see FaultTable.
    MissingHeaders,
    VirtualKeyRequired,
    VirtualKeyNotFound,

    /// <summary>Switched off or expired.</summary>
    VirtualKeyBlocked,
    ProviderBlocked,
    ModelBlocked,

    /// <summary>No price is known and the policy is to refuse what has none.</summary>
    ModelUnpriced,
    BudgetExceeded,
    TokenLimited,
    RequestLimited,

    /// <summary>Tokens and requests both, at one level.</summary>
    RateLimitedTwice,
    ConcurrencyLimited,
}

/// <summary>Who has to act for the fault to go away.</summary>
public enum Culprit
{
    Caller,
    Gateway,
    Target,
}
