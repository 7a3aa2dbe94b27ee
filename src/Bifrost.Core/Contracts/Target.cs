using Bifrost.Core.World;

namespace Bifrost.Core.Contracts;

/// <summary>What happens to the bytes.</summary>
public enum Lane
{
    /// <summary>The caller's buffer goes up as it is, the answer comes down as it is.</summary>
    Verbatim,

    /// <summary>As verbatim, with a few spans of the request replaced.</summary>
    Patched,

    /// <summary>Read to canonical and written in another dialect, both ways.</summary>
    Translated,
}

/// <summary>Provider, model and credential, ready to be tried.</summary>
/// <param name="Provider">Configured provider.</param>
/// <param name="Offer">Which of its offers.</param>
/// <param name="Model">The model name to send; empty for operations without a model.</param>
/// <param name="Key">The credential.</param>
/// <param name="Lane">What happens to the bytes.</param>
public sealed record Target(ProviderModel Provider, Offer Offer, string Model, KeyModel Key, Lane Lane);
