namespace Bifrost.Governance.Prices;

/// <summary>What a model costs, and who says so.</summary>
public sealed record ModelPrice
{
    /// <summary>The provider and model the price was written for; the call may have used another spelling.</summary>
    public required string Provider { get; init; }

    public required string Model { get; init; }

    /// <summary>At least one, the first without a condition. The last whose condition holds is used.</summary>
    public required IReadOnlyList<PriceRule> Rules { get; init; }

    /// <summary>Named in <see cref="PriceCatalogue.Sources"/>, or <c>override</c>.</summary>
    public required string Source { get; init; }

    /// <summary>When the source said so: <c>2026-08</c> or <c>2026-08-31</c>. Empty for overrides.</summary>
    public required string Date { get; init; }

    /// <summary>The catalogue it comes from, and the overrides laid over it.</summary>
    public required string Version { get; init; }

    /// <summary>How much of the price a call in a batch pays.</summary>
    public int BatchPercent { get; init; } = 100;

    /// <summary>The hardware the model is known to run on, where seconds of it are what is charged.</summary>
    public string? Hardware { get; init; }

    /// <summary>Which machine runs the model is a guess of ours, on the dear side: costs computed with it are estimates.</summary>
    public bool Assumed { get; init; }

    /// <summary>Input and output tokens together that the model can hold, as its maker rounds it; null if unknown.</summary>
    public long? ContextWindow { get; init; }

    public PriceRule RuleFor(PricedCall call)
    {
        for (var i = Rules.Count - 1; i > 0; i--)
        {
            if (Rules[i].Condition.Holds(call))
            {
                return Rules[i];
            }
        }

        return Rules[0];
    }
}
