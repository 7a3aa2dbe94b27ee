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

        foreach (var value in owners.Values)
        {
            await Console.Out.WriteLineAsync(value);
        }

        return mistakes.Count == 0 ? 0 : 1;
    }
}
