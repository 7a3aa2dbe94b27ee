using Bifrost.Wire.Dialects;

namespace Bifrost.Core.Contracts;

/// <summary>"This provider does this operation."</summary>
public abstract record Offer(Operation Operation);

/// <summary>One HTTP request in a published dialect. When the caller speaks it too, the bytes are the caller's own.</summary>
/// <param name="Operation">What it does.</param>
/// <param name="Dialect">The format spoken there.</param>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Relative to the base address; <c>{id}</c> stands for the id in the caller's path.</param>
public sealed record HttpOffer(Operation Operation, IDialect Dialect, HttpMethod Method, string Path) : Offer(Operation);

/// <summary>Work that takes more than one HTTP request; always the translated lane.</summary>
public sealed record CarriedOffer(Operation Operation, ICarrier Carrier) : Offer(Operation);
