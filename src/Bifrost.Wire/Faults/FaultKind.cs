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
}

/// <summary>Who has to act for the fault to go away.</summary>
public enum Culprit
{
    Caller,
    Gateway,
    Target,
}
