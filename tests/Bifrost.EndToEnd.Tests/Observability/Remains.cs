using System.Text;
using Bifrost.Storage.Logs;
using Bifrost.Testing.Governed;
using Bifrost.Testing.Stores;

namespace Bifrost.EndToEnd.Tests.Observability;

/// <summary>Everything a gateway leaves: answers, log lines, files, tables, and what is packed in them. By name, so that a finding tells where.</summary>
internal sealed class Remains
{
    private readonly List<(string Place, string Text)> _all = [];

    public void Add(string place, string text) => _all.Add((place, text));

    /// <summary>Files as they are, bytes for characters; without what the operator wrote.</summary>
    /// <param name="folder">With everything below it.</param>
    /// <param name="when">For the places' names.</param>
    /// <param name="isOpen">Somebody still holds files open, and some for itself alone: those are passed over.</param>
    public void AddFiles(string folder, string when, bool isOpen)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (Path.GetFileName(file) == "config.json")
            {
                continue;
            }

            try
            {
                Add($"{when}: {Path.GetFileName(file)}", Encoding.Latin1.GetString(File.ReadAllBytes(file)));
            }
            catch (IOException) when (isOpen)
            {
                // It is read when all is over.
            }
        }
    }

    public async Task AddTablesAsync(StorePlace place)
    {
        if (place.Connection is { } connection)
        {
            foreach (var (table, rows) in await PostgresServer.DumpAsync(connection))
            {
                Add($"table {table}", rows);
            }
        }
    }

    /// <summary>The request log, unpacked.</summary>
    public async Task AddLogAsync(StorePlace place)
    {
        var settings = place.Connection is null ? new Storage.SqliteSettings(Path.Combine(place.Folder, "logs.db")) : place.Settings;
        await using var log = await LogStore.OpenAsync(settings, new LogStoreOptions(), TimeProvider.System, default);
        await foreach (var row in log.ReadAsync(new(), default))
        {
            Add(
                $"log row {row.Id}",
                $"{row} {string.Join(' ', row.Metadata)} {string.Join(' ', row.Attempts)} {string.Join(' ', row.Notes)}"
            );
            if (await log.PayloadAsync(row.Id, default) is { } payload)
            {
                Add($"request of {row.Id}", Encoding.UTF8.GetString(payload.Request.Span));
                Add($"answer of {row.Id}", Encoding.UTF8.GetString(payload.Response.Span));
                Add($"words of {row.Id}", payload.SearchText);
            }
        }
    }

    /// <summary>Places where a text is, whatever its case.</summary>
    public IReadOnlyList<string> Holding(string text) =>
        [.. _all.Where(r => r.Text.Contains(text, StringComparison.OrdinalIgnoreCase)).Select(r => r.Place)];

    public bool Has(string placeBegins, string text) => Holding(text).Any(p => p.StartsWith(placeBegins, StringComparison.Ordinal));
}
