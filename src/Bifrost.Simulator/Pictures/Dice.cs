namespace Bifrost.Simulator;

/// <summary>Numbers that repeat with their seed (SplitMix64), the same on every machine and version.</summary>
internal struct Dice(uint seed)
{
    private ulong state = seed;

    /// <summary>A number from 0 up to but not including 1.</summary>
    public double Next()
    {
        state += 0x9E3779B97F4A7C15;
        var mixed = state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return ((mixed ^ (mixed >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    public double Next(double from, double to) => from + (to - from) * Next();
}
