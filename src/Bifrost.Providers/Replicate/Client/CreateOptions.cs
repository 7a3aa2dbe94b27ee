using Bifrost.Core.Contracts;

namespace Bifrost.Providers.Replicate;

/// <summary>How a prediction is to be created.</summary>
internal readonly record struct CreateOptions
{
    /// <summary>How long the call may be held open for the result: 1 to 60 seconds, or null to answer at once.</summary>
    public TimeSpan? Wait { get; init; }

    /// <summary>The provider ends the prediction by itself after this long, at least 5 seconds: a gateway that dies leaks no spend.</summary>
    public required TimeSpan CancelAfter { get; init; }

    /// <summary>Where the provider reports completion (https), or null. Travels in the body.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>The trace that the prediction is made in, or null.</summary>
    public ExchangeTrace? Trace { get; init; }
}
