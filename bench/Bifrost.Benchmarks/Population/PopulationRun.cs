using System.Globalization;
using Bifrost.Governance.Limits;
using Bifrost.Governance.Registry;
using Bifrost.Storage;
using Bifrost.Storage.Sealing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.Benchmarks.Population;

/// <summary>Fills the SQLite store of an app directory with owners and prints the values of the virtual keys, one a line.</summary>
internal static class PopulationRun
{
    public static async Task<int> StartAsync(string[] args)
    {
        if (args is not [var folder, var count] || !int.TryParse(count, CultureInfo.InvariantCulture, out var keys) || keys < 1)
        {
            await Console.Error.WriteLineAsync("usage: population APP-DIR KEYS");
            return 2;
        }

        if (await FillAsync(folder, keys) is not { } values)
        {
            return 1;
        }

        foreach (var value in values)
        {
            await Console.Out.WriteLineAsync(value);
        }

        return 0;
    }

    /// <summary>Returns the values of the virtual keys, or null when they could not be made, which is told on standard error.</summary>
    /// <param name="folder">The app directory.</param>
    /// <param name="keys">How many.</param>
    public static async Task<IReadOnlyList<string>?> FillAsync(string folder, int keys)
    {
        Directory.CreateDirectory(folder);
        await using var store = await GatewayStore.OpenAsync(
            new SqliteSettings(Path.Combine(folder, "config.db")),
            SealingSettings.From(null, _ => null, folder),
            TimeProvider.System,
            NullLoggerFactory.Instance,
            default
        );
        using var registry = await GovernanceRegistry.OpenAsync(store.Objects, new Till(TimeProvider.System), TimeProvider.System, default);
        var owners = Owners.Of(keys);
        var mistakes = await registry.ApplyAsync(owners.Edits, default);
        foreach (var mistake in mistakes)
        {
            await Console.Error.WriteLineAsync(mistake.ToString());
        }

        return mistakes.Count == 0 ? owners.Values : null;
    }
}
