using Bifrost.Core.World;

namespace Bifrost.Configuration;

/// <summary>What a configuration says, and everything there is to say about it. With mistakes, <see cref="Config"/> must not be used.</summary>
/// <param name="Config">The configuration, references to the environment resolved.</param>
/// <param name="Mistakes">Everything wrong, in the order of the file.</param>
/// <param name="Warnings">One sentence for each thing that works otherwise than the file's author may believe.</param>
public sealed record ConfigReading(GatewayConfig Config, IReadOnlyList<Mistake> Mistakes, IReadOnlyList<string> Warnings)
{
    /// <summary>What is good to know and no reason to worry: a key taken from the environment.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}
