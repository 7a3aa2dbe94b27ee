namespace Bifrost.Governance.Limits;

/// <summary>What a call will probably cost, and the most it can.</summary>
public readonly record struct CallEstimate
{
    /// <summary>Nanodollars it will probably cost.</summary>
    public long ExpectedCost { get; init; }

    /// <summary>Tokens, in and out, it will probably take.</summary>
    public long ExpectedTokens { get; init; }

    /// <summary>Nanodollars it costs at most apart from capped output: input, pictures, seconds. Null: nobody can say, and hard budgets refuse.</summary>
    public long? MostFixedCost { get; init; }

    /// <summary>Nanodollars each output token of one choice costs at most; times <see cref="Choices"/> for all. Zero where output is not sold by the token.</summary>
    public long MostPerOutputToken { get; init; }

    /// <summary>Choices asked for (<c>n</c>), at least 1.</summary>
    public int Choices { get; init; }

    /// <summary>Output tokens of one choice at most: the caller's cap, else the model's. Null: no cap is known, and a hard budget sets one.</summary>
    public long? OutputCap { get; init; }

    /// <summary>There is no price for it, or not for all of it: what is known of the cost is too low, and hard budgets refuse.</summary>
    public bool Unpriced { get; init; }

    /// <summary>A lower cap can be written into the request.</summary>
    public bool CanLowerCap { get; init; }
}
