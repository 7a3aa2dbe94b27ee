using Bifrost.Configuration.Governance;
using Bifrost.Configuration.Settings;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Governance.Registry;

namespace Bifrost.Configuration;

/// <summary>
/// The steps of a start, in their order: read the file; open the store it names (<see cref="ConfigReading.Store"/>) with its key
/// (<see cref="ConfigReading.EncryptionKey"/>); open the settings (<see cref="GatewaySettings.OpenAsync"/>); open the registry and seed it.
/// </summary>
public static class Bootstrap
{
    /// <summary>What config.json says; what the environment says when there is no such file. A file that cannot be read is a mistake.</summary>
    public static ConfigReading Read(
        string configPath,
        Func<string, string?> environment,
        IReadOnlyList<Provider> kinds,
        IReadOnlyList<string> notServed
    )
    {
        if (!File.Exists(configPath))
        {
            return ZeroConfig.Read(environment, kinds);
        }

        try
        {
            return ConfigFile.Read(File.ReadAllBytes(configPath), environment, kinds, notServed);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return new ConfigReading(new GatewayConfig(), [new Mistake("", $"The file cannot be read: {unreadable.Message}")], []);
        }
    }

    /// <summary>Brings the registry in line with the file, in one transaction. With mistakes, nothing has changed.</summary>
    /// <param name="file">What config.json says.</param>
    /// <param name="settings">Where the names of providers' keys lead to their ids.</param>
    /// <param name="registry">What governs callers.</param>
    /// <param name="clock">The time.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<SeedOutcome> SeedAsync(
        ConfigReading file,
        GatewaySettings settings,
        GovernanceRegistry registry,
        TimeProvider clock,
        CancellationToken cancel
    )
    {
        var seed = file.Governance.Edits(registry.Now, registry.FileHashOf, settings.KeyIdOf, clock.GetUtcNow());
        if (seed.Mistakes.Count > 0 || seed.Edits.Count == 0)
        {
            return new SeedOutcome([], seed.Mistakes);
        }

        var mistakes = await registry.ApplyAsync(seed.Edits, cancel);
        return mistakes.Count > 0 ? new SeedOutcome([], file.Governance.Located(mistakes)) : new SeedOutcome(seed.NewKeys, []);
    }
}

/// <param name="NewKeys">Virtual keys that were given a value: print each once.</param>
/// <param name="Mistakes">Paths in the file.</param>
public sealed record SeedOutcome(IReadOnlyList<NewVirtualKey> NewKeys, IReadOnlyList<Mistake> Mistakes);
