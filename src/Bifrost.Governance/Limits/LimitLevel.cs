namespace Bifrost.Governance.Limits;

/// <summary>Whose limit it is. The order is the order of checking: up to <see cref="Dimension"/> each level's rates before its budgets, then the
/// rates of all others before the budgets of all others.</summary>
public enum LimitLevel
{
    Provider,

    /// <summary>A model at one provider before the model at all of them.</summary>
    Model,
    User,
    Dimension,
    VirtualKeyProvider,
    VirtualKey,
    Team,
    BusinessUnit,
    Customer,
}

internal static class LimitLevels
{
    /// <summary>Levels of one chapter have their rates checked before any of their budgets.</summary>
    public static int Chapter(this LimitLevel level) => Math.Min((int)level, (int)LimitLevel.VirtualKeyProvider);

    /// <summary>As refusals have always named it.</summary>
    public static string Word(this LimitLevel level) =>
        level switch
        {
            LimitLevel.VirtualKeyProvider => "VK provider config",
            LimitLevel.VirtualKey => "VK",
            LimitLevel.BusinessUnit => "Business unit",
            _ => level.ToString(),
        };
}
