using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Bifrost.Observability.Live;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Observability.Stores;

/// <summary>Keeps the last rows in memory, for a gateway without storage. Every question walks all of them, which also makes it the measure of what other
/// stores answer.</summary>
/// <param name="maxRows">The oldest go when there are more. Default 10,000.</param>
public sealed class InMemoryLogStore(int maxRows = 10_000) : ILogStore
{
    private readonly Lock _lock = new();

    // In the order they came.
    private readonly LinkedList<LogRow> _rows = new();
    private readonly Dictionary<string, LinkedListNode<LogRow>> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<string, LogPayload> _payloads = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _marks = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public Task AppendAsync(IReadOnlyList<LogRow> rows, IReadOnlyList<LogPayload> payloads, CancellationToken cancel)
    {
        lock (_lock)
        {
            var contents = payloads.ToDictionary(p => p.Id, StringComparer.Ordinal);
            foreach (var row in rows)
            {
                if (_byId.ContainsKey(row.Id))
                {
                    continue;
                }

                _byId[row.Id] = _rows.AddLast(row);
                if (contents.TryGetValue(row.Id, out var payload))
                {
                    _payloads[row.Id] = payload;
                }
            }

            while (_rows.Count > maxRows)
            {
                Remove(_rows.First!);
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<LogPage> PageAsync(LogPageQuery query, CancellationToken cancel)
    {
        var sorted = Matching(query.Filter)
            .Select(row => (Key: KeyOf(row, query.Sort), Row: row))
            .OrderBy(r => r.Key)
            .ThenBy(r => r.Row.At)
            .ThenBy(r => r.Row.Id, StringComparer.Ordinal)
            .ToList();
        if (query.Descending)
        {
            sorted.Reverse();
        }

        var start = query.Offset;
        if (query.After is { } after)
        {
            var (key, at, id) = Cursor(after);
            start = sorted.FindIndex(r =>
            {
                var order =
                    r.Key != key ? r.Key.CompareTo(key)
                    : r.Row.At != at ? r.Row.At.CompareTo(at)
                    : string.CompareOrdinal(r.Row.Id, id);
                return query.Descending ? order < 0 : order > 0;
            });
            start = start < 0 ? sorted.Count : start;
        }

        var page = sorted.Skip(start).Take(query.Limit).ToList();
        var next = page.Count > 0 && start + page.Count < sorted.Count ? Cursor(page[^1].Key, page[^1].Row) : null;
        return Task.FromResult(new LogPage([.. page.Select(r => r.Row)], next));
    }

    /// <inheritdoc/>
    public Task<long> CountAsync(LogFilter filter, long most, CancellationToken cancel) =>
        Task.FromResult(Math.Min(most, Matching(filter).Count));

    /// <inheritdoc/>
    public async Task<LogCount> CountAsync(LogFilter filter, long most, TimeSpan within, CancellationToken cancel)
    {
        var count = await CountAsync(filter, most, cancel);
        return new LogCount(count, count < most);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<LogBucket>> AggregateAsync(LogAggregateQuery query, CancellationToken cancel)
    {
        var width = (query.BucketSeconds ?? 0) * 1_000_000L;
        var rows = Matching(query.Filter);
        string? GroupOf(LogRow row) => query.GroupBy is { } by ? LiveFilter.ValueOf(row, by) ?? "" : null;
        long? StartOf(LogRow row) => width == 0 ? null : row.At - (row.At % width);

        HashSet<string?>? named = null;
        if (query is { GroupBy: not null, Top: { } top })
        {
            named =
            [
                .. rows.GroupBy(GroupOf)
                    .OrderByDescending(group => group.Sum(row => row.Cost ?? 0))
                    .ThenByDescending(group => group.Count())
                    .ThenBy(group => group.Key, StringComparer.Ordinal)
                    .Take(top)
                    .Select(group => group.Key),
            ];
        }

        IReadOnlyList<LogBucket> buckets =
        [
            .. rows.GroupBy(row => (Start: StartOf(row), Group: named is null || named.Contains(GroupOf(row)) ? GroupOf(row) : "other"))
                .OrderBy(bucket => bucket.Key.Start)
                .ThenBy(bucket => bucket.Key.Group, StringComparer.Ordinal)
                .Select(bucket => new LogBucket(
                    bucket.Key.Start,
                    bucket.Key.Group,
                    query.WithLatency
                        ? SumsOf([.. bucket])
                        : SumsOf([.. bucket]) with
                        {
                            Latency = LatencySketch.Empty,
                            FirstByte = LatencySketch.Empty,
                        }
                )),
        ];
        return Task.FromResult(buckets);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> DistinctAsync(LogDimension dimension, LogFilter filter, int limit, CancellationToken cancel) =>
        Task.FromResult(Frequent(Matching(filter).Select(row => LiveFilter.ValueOf(row, dimension)), limit));

    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, IReadOnlyList<string>>> MetadataAsync(LogFilter filter, int limit, CancellationToken cancel)
    {
        IReadOnlyDictionary<string, IReadOnlyList<string>> names = Matching(filter)
            .SelectMany(row => row.Metadata)
            .GroupBy(pair => pair.Key, pair => pair.Value)
            .ToDictionary(name => name.Key, name => Frequent(name, limit));
        return Task.FromResult(names);
    }

    /// <inheritdoc/>
    public Task<LogRow?> FindAsync(string id, CancellationToken cancel)
    {
        lock (_lock)
        {
            return Task.FromResult(_byId.TryGetValue(id, out var node) ? node.Value : Given(id));
        }
    }

    /// <inheritdoc/>
    public Task<LogPayload?> PayloadAsync(string id, CancellationToken cancel)
    {
        lock (_lock)
        {
            return Task.FromResult(_payloads.GetValueOrDefault(_byId.ContainsKey(id) ? id : Given(id)?.Id ?? ""));
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<LogPayload>> PayloadsAsync(IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var found = new List<LogPayload>();
        foreach (var id in ids)
        {
            if (await PayloadAsync(id, cancel) is { } payload)
            {
                found.Add(payload);
            }
        }

        return found;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<LogRow> ReadAsync(LogFilter filter, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var row in Matching(filter).OrderBy(row => row.At).ThenBy(row => row.Id, StringComparer.Ordinal))
        {
            cancel.ThrowIfCancellationRequested();
            yield return row;
        }

        await Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> DeleteAsync(IReadOnlyList<string> ids, CancellationToken cancel)
    {
        var removed = 0;
        lock (_lock)
        {
            foreach (var id in ids)
            {
                if (_byId.TryGetValue(id, out var node))
                {
                    Remove(node);
                    removed++;
                }
            }
        }

        return Task.FromResult(removed);
    }

    /// <inheritdoc/>
    public Task RepriceAsync(IReadOnlyList<RepricedRow> rows, CancellationToken cancel)
    {
        lock (_lock)
        {
            foreach (var priced in rows)
            {
                if (_byId.TryGetValue(priced.Id, out var node))
                {
                    node.Value = node.Value with { Cost = priced.Cost, PriceVersion = priced.PriceVersion, CostLines = priced.CostLines };
                }
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<long> RetainAsync(LogRetention retention, CancellationToken cancel)
    {
        lock (_lock)
        {
            var before = _rows.Count;
            foreach (var row in _rows.Where(row => row.At < retention.RowsBefore).ToList())
            {
                Remove(_byId[row.Id]);
            }

            foreach (var payload in _payloads.Values.Where(p => p.At < retention.PayloadsBefore).ToList())
            {
                Forget(payload.Id);
            }

            while (retention.MaxBytes is { } most && _rows.First is { } oldest && _rows.Sum(SizeOf) > most)
            {
                Remove(oldest);
            }

            return Task.FromResult((long)(before - _rows.Count));
        }
    }

    /// <inheritdoc/>
    public Task PingAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task<IReadOnlySet<string>> KnownAsync(IReadOnlyList<LogRow> rows, CancellationToken cancel)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlySet<string>>(
                rows.Select(row => row.Id).Where(_byId.ContainsKey).ToHashSet(StringComparer.Ordinal)
            );
        }
    }

    /// <inheritdoc/>
    public Task<long?> MarkAsync(string name, CancellationToken cancel) =>
        Task.FromResult(_marks.TryGetValue(name, out var moment) ? moment : (long?)null);

    /// <inheritdoc/>
    public Task SetMarkAsync(string name, long moment, CancellationToken cancel)
    {
        _marks[name] = moment;
        return Task.CompletedTask;
    }

    internal static LogSums SumsOf(IReadOnlyList<LogRow> rows) =>
        new()
        {
            Requests = rows.Count,
            Errors = rows.Count(row => row.Status == LogStatus.Error),
            Cancelled = rows.Count(row => row.Status == LogStatus.Cancelled),
            InputTokens = rows.Sum(row => row.InputTokens),
            OutputTokens = rows.Sum(row => row.OutputTokens),
            CachedReadTokens = rows.Sum(row => row.CachedReadTokens),
            ReasoningTokens = rows.Sum(row => row.ReasoningTokens),
            Images = rows.Sum(row => row.Images),
            Cost = rows.Sum(row => row.Cost ?? 0),
            Unpriced = rows.Count(row => row.Cost is null),
            Estimated = rows.Count(row => row.Estimated),
            Latency = SketchOf(rows.Select(row => row.Latency)),
            FirstByte = SketchOf(rows.Where(row => row.FirstByte is not null).Select(row => row.FirstByte!.Value)),
        };

    private static LatencySketch SketchOf(IEnumerable<long> times) =>
        LatencySketch.Of(times.GroupBy(LatencySketch.BinOf).ToDictionary(bin => bin.Key, bin => bin.LongCount()));

    private List<LogRow> Matching(LogFilter filter)
    {
        lock (_lock)
        {
            var words = filter.Text?.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
            return [.. _rows.Where(row => LiveFilter.Matches(filter, row) && Says(row, words))];
        }
    }

    private bool Says(LogRow row, string[] words) =>
        words.Length == 0
        || (
            _payloads.TryGetValue(row.Id, out var payload)
            && words.All(word => payload.SearchText.Contains(word, StringComparison.OrdinalIgnoreCase))
        );

    private static IReadOnlyList<string> Frequent(IEnumerable<string?> values, int limit) =>
        [
            .. values
                .OfType<string>()
                .GroupBy(value => value, StringComparer.Ordinal)
                .OrderByDescending(value => value.Count())
                .ThenBy(value => value.Key, StringComparer.Ordinal)
                .Take(limit)
                .Select(value => value.Key),
        ];

    /// <summary>The last row of a request whose caller gave it this id.</summary>
    private LogRow? Given(string id) => _rows.LastOrDefault(row => row.Id.StartsWith(id + "~", StringComparison.Ordinal));

    private void Remove(LinkedListNode<LogRow> node)
    {
        _rows.Remove(node);
        _byId.Remove(node.Value.Id);
        _payloads.Remove(node.Value.Id);
    }

    private void Forget(string id)
    {
        _payloads.Remove(id);
        if (_byId.TryGetValue(id, out var node))
        {
            node.Value = node.Value with { HasPayload = false };
        }
    }

    private long SizeOf(LogRow row) => 500 + (_payloads.TryGetValue(row.Id, out var p) ? p.Request.Length + p.Response.Length : 0);

    private static long KeyOf(LogRow row, LogSort sort) =>
        sort switch
        {
            LogSort.Time => row.At,
            LogSort.Latency => row.Latency,
            LogSort.Tokens => row.InputTokens + row.OutputTokens,
            _ => row.Cost ?? -1,
        };

    private static string Cursor(long key, LogRow row) => string.Create(CultureInfo.InvariantCulture, $"{key}:{row.At}:{row.Id}");

    private static (long Key, long At, string Id) Cursor(string after)
    {
        var parts = after.Split(':', 3);
        return parts.Length == 3 && IsNumber(parts[0], out var key) && IsNumber(parts[1], out var at)
            ? (key, at, parts[2])
            : throw new FormatException("The cursor belongs to another list, or to none.");
    }

    private static bool IsNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
