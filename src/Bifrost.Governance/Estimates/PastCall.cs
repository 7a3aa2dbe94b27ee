using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Estimates;

/// <summary>A call that is over, as far as a record of it tells what it cost.</summary>
/// <param name="Provider">Its name then.</param>
/// <param name="Model">As it was sent.</param>
/// <param name="Operation">What was asked for.</param>
/// <param name="At">When: prices change with the date and the hour.</param>
/// <param name="Usage">What it used.</param>
public sealed record PastCall(string Provider, string Model, Operation Operation, DateTimeOffset At, Usage Usage)
{
    /// <summary>Id of the provider's key, or null.</summary>
    public string? ProviderKey { get; init; }

    public string? VirtualKey { get; init; }

    /// <summary>The call as such is not charged, what it used is.</summary>
    public bool Failed { get; init; }

    /// <summary>Tokens of sound, in or out: records do not say which.</summary>
    public long AudioTokens { get; init; }
}

/// <summary>What a past call costs with the prices that hold now; or why that cannot be said.</summary>
/// <param name="Charge">Null: it cannot.</param>
/// <param name="Doubt">Null: there is none.</param>
public sealed record PastCost(Charge? Charge, PastDoubt? Doubt);

/// <summary>Why no cost can be said of a past call.</summary>
public enum PastDoubt
{
    /// <summary>There is no price for it, or for nothing that it used.</summary>
    NoPrice,

    /// <summary>The price depends on settings of the request (size, quality) that records do not keep.</summary>
    Settings,

    /// <summary>The price tells apart what records keep as one number: sound in and out, pictures in.</summary>
    Quantities,

    /// <summary>What machine it ran on is not known.</summary>
    Hardware,
}
