namespace Bifrost.Simulator;

/// <summary>How often a rule may still act, and with what chance.</summary>
internal sealed class Allowance
{
    private readonly Lock gate = new();
    private int left = int.MaxValue;
    private double chance = 1;
    private Random? dice;

    public void Limit(int times)
    {
        lock (gate)
        {
            left = times;
        }
    }

    public void Roll(double probability, int seed)
    {
        lock (gate)
        {
            chance = probability;
            dice = new Random(seed);
        }
    }

    public bool TryTake()
    {
        lock (gate)
        {
#pragma warning disable CA5394 // Faults must repeat with the seed; nothing here is a secret.
            if (left <= 0 || (dice is not null && dice.NextDouble() >= chance))
#pragma warning restore CA5394
            {
                return false;
            }

            left = left == int.MaxValue ? left : left - 1;
            return true;
        }
    }
}
