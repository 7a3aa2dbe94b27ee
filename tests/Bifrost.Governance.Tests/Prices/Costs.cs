using Bifrost.Governance.Prices;
using Bifrost.Wire.Canonical;

namespace Bifrost.Governance.Tests.Prices;

/// <summary>What tests say about costs, in few words.</summary>
internal static class Costs
{
    public static readonly PricedCall Call = new() { At = new DateTimeOffset(2026, 8, 15, 20, 0, 0, TimeSpan.Zero) };

    public static Cost Of(string provider, string model, Usage usage, PricedCall? call = null) =>
        CostComputation.Of(PriceCatalogue.Embedded.Find(provider, model), usage, call ?? Call)
        ?? throw new InvalidOperationException($"{provider} {model} has no cost.");

    public static PricedCall With(string qualifier, string value) =>
        Call with
        {
            Qualifiers = new Dictionary<string, string> { [qualifier] = value },
        };

    /// <summary>The lines as <c>Input 0.15, Output 0.03</c>, and the total after an equals sign.</summary>
    public static string Shown(this Cost cost) =>
        string.Join(", ", cost.Lines.Select(line => $"{line.Kind} {line.Amount}")) + " = " + cost.Total;

    public static ModelPrice Price(params (RateKind Kind, long Picos)[] rates) =>
        new()
        {
            Provider = "test",
            Model = "test",
            Rules =
            [
                new PriceRule(
                    PriceCondition.Always,
                    rates.Select(rate => KeyValuePair.Create(rate.Kind, new Rate(Money.FromPicos(rate.Picos))))
                ),
            ],
            Source = "test",
            Date = "2026",
            Version = "test",
        };
}
