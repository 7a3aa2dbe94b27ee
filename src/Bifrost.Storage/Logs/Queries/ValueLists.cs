using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>The values there are to filter by, the most frequent first.</summary>
internal sealed class ValueLists(LogDatabase database, LogCatalog catalog, Session session)
{
    private const int MetadataSample = 10_000;
    private const int DimensionSample = 100_000;

    public async Task<IReadOnlyList<string>> OfAsync(LogDimension dimension, LogFilter filter, int limit)
    {
        var counts = filter.IsPlain
            ? await new Aggregation(database, catalog, session, new LogAggregateQuery(filter, null, dimension)).CountsAsync()
            : await SampleAsync(dimension, filter);
        return counts
            .Where(count => count is { Key: not 0, Value: > 0 })
            .OrderByDescending(count => count.Value)
            .ThenBy(count => catalog.Text(count.Key), StringComparer.Ordinal)
            .Take(limit)
            .Select(count => catalog.Text(count.Key))
            .ToList();
    }

    /// <summary>From the newest 10,000 rows that match.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> OfMetadataAsync(LogFilter filter, int limit)
    {
        var counts = new Dictionary<string, Dictionary<string, int>>(StringComparer.Ordinal);
        await foreach (var row in NewestAsync(filter, MetadataSample))
        {
            foreach (var (name, value) in LogDetail.MetadataOf(row.Detail))
            {
                counts.TryAdd(name, new Dictionary<string, int>(StringComparer.Ordinal));
                counts[name][value] = counts[name].GetValueOrDefault(value) + 1;
            }
        }

        return counts.ToDictionary(
            name => name.Key,
            name =>
                (IReadOnlyList<string>)
                    name
                        .Value.OrderByDescending(value => value.Value)
                        .ThenBy(value => value.Key, StringComparer.Ordinal)
                        .Take(limit)
                        .Select(value => value.Key)
                        .ToList()
        );
    }

    private async Task<Dictionary<int, long>> SampleAsync(LogDimension dimension, LogFilter filter)
    {
        var counts = new Dictionary<int, long>();
        await foreach (var row in NewestAsync(filter, DimensionSample))
        {
            var word = catalog.Dimension(row.Tuple, dimension);
            counts[word] = counts.GetValueOrDefault(word) + 1;
        }

        return counts;
    }

    private IAsyncEnumerable<StoredRow> NewestAsync(LogFilter filter, int most) =>
        new TimeWalk(database, session, new RowMatch(filter, catalog), descending: true, most).RowsAsync(null).Take(most);
}
