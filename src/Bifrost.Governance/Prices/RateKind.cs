namespace Bifrost.Governance.Prices;

/// <summary>What is charged for. The first eight are kinds of tokens; a rate is the price of one token, picture, second or request.</summary>
public enum RateKind
{
    Input,
    CacheRead,
    CacheWrite,
    InputAudio,
    InputImage,
    Output,
    Reasoning,
    OutputAudio,

    /// <summary>A picture made.</summary>
    Image,

    /// <summary>A second of video made.</summary>
    VideoSecond,

    /// <summary>A second of the provider's hardware.</summary>
    ComputeSecond,

    /// <summary>The call as such, if it succeeds.</summary>
    Request,
}
