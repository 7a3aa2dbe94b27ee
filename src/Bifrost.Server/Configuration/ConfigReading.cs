using Bifrost.Core.World;

namespace Bifrost.Server.Configuration;

/// <summary>What a configuration says, and everything there is to say about it. With mistakes, <see cref="Config"/> must not be used.</summary>
/// <param name="Config">The configuration, references to the environment resolved.</param>
/// <param name="Mistakes">Everything wrong, in the order of the file.</param>
/// <param name="Warnings">One sentence for each thing that works otherwise than the file's author may believe.</param>
internal sealed record ConfigReading(GatewayConfig Config, IReadOnlyList<ConfigMistake> Mistakes, IReadOnlyList<string> Warnings)
{
    /// <summary>What is good to know and no reason to worry: a key taken from the environment.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Something in the configuration that is not right, said so that the reader can mend it. Never holds a secret's value.</summary>
/// <param name="Path">Where: <c>providers.openai.keys[0].weight</c>, or the name of an environment variable. Empty: the file as a whole.</param>
/// <param name="Message">What is wrong, and what would be right.</param>
internal sealed record ConfigMistake(string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? Message : $"{Path}: {Message}";
}
