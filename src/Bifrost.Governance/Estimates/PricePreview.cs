using Bifrost.Governance.Prices;

namespace Bifrost.Governance.Estimates;

/// <summary>A sample's cost now and with a proposed price.</summary>
/// <param name="Before">Null: it has no price now.</param>
/// <param name="After">Null: nor would it have one.</param>
public sealed record PricePreview(Cost? Before, Cost? After);
