using System.Text.Json.Nodes;
using Bifrost.Governance.Objects;

namespace Bifrost.Configuration.Governance;

/// <summary>The limits of one owner, as the file has them.</summary>
/// <param name="Budgets">Without their anchors.</param>
/// <param name="RateLimit">Without its anchor.</param>
/// <param name="Written">What the file says of them, wherever it stands; for telling whether it changed.</param>
/// <param name="Places">Path within the owner → where it is written, for limits that stand apart from their owner.</param>
internal sealed record OwnedLimits(
    IReadOnlyList<Budget> Budgets,
    RateLimit? RateLimit,
    JsonArray Written,
    IReadOnlyList<KeyValuePair<string, string>> Places
);
