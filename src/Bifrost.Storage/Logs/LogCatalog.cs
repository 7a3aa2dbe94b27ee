using System.Collections.Concurrent;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Databases;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs;

/// <summary>
/// Texts by number, and the combinations of dimensions that have occurred, by number: what rows and roll-ups are small by, and what filters are decided on
/// without the database. It grows by some 200 bytes for each combination, within limits: the names of models are the callers' choice, and nobody may fill the
/// memory with them. Others add to the same tables, to SQLite's too: what they added is learnt before anything is read.
/// </summary>
internal sealed class LogCatalog(LogDatabase database, LogStoreOptions options) : IDisposable
{
    /// <summary>The model of rows whose own has no place any more. Their details still tell it.</summary>
    public const string OtherModels = "(other)";

    private const int Likenesses = 256;

    // Rows all of whose texts have numbers. Most are like one before them, and need not be looked up text by text.
    private readonly Alike?[] _alike = new Alike?[Likenesses];

    private readonly ConcurrentDictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<TupleKey, int> _tupleNumbers = new();
    private readonly SemaphoreSlim _growing = new(1, 1);
    private readonly Lock _learning = new();

    // Touched by whoever learns.
    private readonly HashSet<int> _models = [];

    // Replaced when they grow; what a reader holds stays as it was.
    private volatile string[] _words = [""];
    private volatile int[] _tuples = new int[Dimensions.Count];
    private volatile int _lastWord;
    private volatile int _lastTuple;
    private volatile int _modelCount;
    private volatile bool _loaded;

    /// <summary>Numbers up to this one are known.</summary>
    public int LastTuple => _lastTuple;

    /// <exception cref="KeyNotFoundException">It was never interned.</exception>
    public int Word(string text) => text.Length == 0 ? 0 : _numbers[Clean(text)];

    /// <summary>-1 when no row has ever had it.</summary>
    public int Find(string text) => text.Length == 0 ? 0 : _numbers.GetValueOrDefault(Clean(text), -1);

    public string Text(int word) => _words[word];

    public int Dimension(int tuple, LogDimension dimension) => _tuples[(tuple * Dimensions.Count) + (int)dimension];

    /// <summary>All dimensions of all combinations, one after the other, from number 0 (which is none).</summary>
    public ReadOnlySpan<int> AllTuples => _tuples.AsSpan(0, (_lastTuple + 1) * Dimensions.Count);

    public RowStatus StatusOf(int tuple) => (RowStatus)Dimensions.StatusOf(Text(Dimension(tuple, LogDimension.Status)));

    public int Tuple(LogRow row) => _alike[LikenessOf(row)] is { } like && AreAlike(like.Row, row) ? like.Tuple : _tupleNumbers[KeyOf(row)];

    /// <summary>Learns what others have written. Waits for nobody: whoever deletes does so while others may wait for its turn to grow this.</summary>
    public async Task RefreshAsync(Session session)
    {
        LearnWords(
            await session.QueryAsync(
                "SELECT id, value FROM log_words WHERE id > @last ORDER BY id",
                reader => (reader.GetInt32(0), reader.GetString(1)),
                ("@last", _lastWord)
            )
        );
        LearnTuples(
            await session.QueryAsync(
                $"SELECT id, {string.Join(", ", Dimensions.Columns)} FROM log_tuples WHERE id > @last ORDER BY id",
                reader =>
                {
                    var words = new int[Dimensions.Count];
                    for (var at = 0; at < words.Length; at++)
                    {
                        words[at] = reader.GetInt32(at + 1);
                    }

                    return (reader.GetInt32(0), new TupleKey(words));
                },
                ("@last", _lastTuple)
            )
        );
        _loaded = true;
    }

    /// <summary>Afterwards every text and combination of these rows has a number, in the database too.</summary>
    public async Task InternAsync(IReadOnlyList<LogRow> rows, CancellationToken cancel)
    {
        if (!_loaded)
        {
            await database.ReadAsync(
                async session =>
                {
                    await RefreshAsync(session);
                    return true;
                },
                cancel
            );
        }

        var words = new HashSet<string>(StringComparer.Ordinal);
        var theirs = new HashSet<string>(StringComparer.Ordinal);
        var unlike = rows.Where(row => _alike[LikenessOf(row)] is not { } like || !AreAlike(like.Row, row)).ToList();
        if (unlike.Count == 0)
        {
            return;
        }

        Missing(OtherModels, words);
        foreach (var row in unlike)
        {
            LogDetail.CollectWords(row, text => Missing(text, words), text => MissingOfCallers(text, theirs));
            for (var at = 0; at < Dimensions.Count; at++)
            {
                if ((LogDimension)at != LogDimension.Model)
                {
                    Missing(Dimensions.Of(row, (LogDimension)at), words);
                }
            }
        }

        words.UnionWith(theirs);
        if (words.Count > 0 || unlike.Exists(row => !_tupleNumbers.ContainsKey(KeyOf(row))))
        {
            await GrowAsync(words, unlike, cancel);
        }

        foreach (var row in unlike)
        {
            if (row.Attempts.Count == 0 && HasNumbers(row.AskedModel) && HasNumbers(row.SentModel) && HasNumbers(row.AnsweredModel))
            {
                _alike[LikenessOf(row)] = new Alike(row, _tupleNumbers[KeyOf(row)]);
            }
        }
    }

    private bool HasNumbers(string? text) => text is null || Find(text) >= 0;

    private static int LikenessOf(LogRow row) =>
        HashCode.Combine(row.VirtualKeyId, row.SentModel, row.Status, row.Streamed) & (Likenesses - 1);

    /// <summary>Whether they have the same texts by number, and with them the same combination of dimensions.</summary>
    private static bool AreAlike(LogRow one, LogRow other)
    {
        if (other.Attempts.Count > 0)
        {
            return false;
        }

        for (var at = 0; at < Dimensions.Count; at++)
        {
            if (Dimensions.Of(one, (LogDimension)at) != Dimensions.Of(other, (LogDimension)at))
            {
                return false;
            }
        }

        return one.Culprit == other.Culprit
            && one.VirtualKeyName == other.VirtualKeyName
            && one.ProviderKeyName == other.ProviderKeyName
            && one.AskedModel == other.AskedModel
            && one.SentModel == other.SentModel
            && one.AnsweredModel == other.AnsweredModel
            && one.PriceVersion == other.PriceVersion
            && one.Cache == other.Cache;
    }

    public void Dispose() => _growing.Dispose();

    private void Missing(string text, HashSet<string> words)
    {
        if (text.Length > 0 && !_numbers.ContainsKey(Clean(text)))
        {
            words.Add(Clean(text));
        }
    }

    private void MissingOfCallers(string text, HashSet<string> theirs)
    {
        if (_modelCount + theirs.Count < options.MostModels)
        {
            Missing(text, theirs);
        }
    }

    private async Task GrowAsync(HashSet<string> words, IReadOnlyList<LogRow> rows, CancellationToken cancel)
    {
        await _growing.WaitAsync(cancel);
        try
        {
            // Numbers are published only after they are committed. Texts first: combinations are made of their numbers.
            var texts = await database.AloneAsync(
                async session =>
                {
                    await RefreshAsync(session);
                    var last = _lastWord;
                    var fresh = words.Where(word => !_numbers.ContainsKey(word)).Select(word => new object?[] { ++last, word }).ToList();
                    await database.BulkAsync(session, "log_words", ["id", "value"], fresh);
                    return fresh;
                },
                cancel
            );
            LearnWords(texts.ConvertAll(text => ((int)text[0]!, (string)text[1]!)));

            var tuples = await database.AloneAsync(
                async session =>
                {
                    await RefreshAsync(session);
                    var last = _lastTuple;
                    var missing = rows.Select(KeyOf).Where(key => !_tupleNumbers.ContainsKey(key)).Distinct();
                    var fresh = missing.Select(key => (Number: ++last, Key: key)).ToList();
                    await database.BulkAsync(
                        session,
                        "log_tuples",
                        ["id", .. Dimensions.Columns],
                        fresh.ConvertAll(tuple => (object?[])[tuple.Number, .. tuple.Key.Words.Select(word => (object?)word)])
                    );
                    return fresh;
                },
                cancel
            );
            LearnTuples(tuples);
        }
        finally
        {
            _growing.Release();
        }
    }

    // Whoever adds is alone in the database, so numbers become visible in their order and "after the last" misses none. Two may have read the same.
    private void LearnWords(List<(int Number, string Text)> read)
    {
        lock (_learning)
        {
            var words = read.FindAll(word => word.Number > _lastWord);
            if (words.Count == 0)
            {
                return;
            }

            var all = _words;
            if (words[^1].Number >= all.Length)
            {
                Array.Resize(ref all, Math.Max(all.Length * 2, words[^1].Number + 1));
            }

            foreach (var (number, text) in words)
            {
                all[number] = text;
            }

            _words = all;
            _lastWord = words[^1].Number;
            foreach (var (number, text) in words)
            {
                _numbers[text] = number;
            }
        }
    }

    private void LearnTuples(List<(int Number, TupleKey Key)> read)
    {
        lock (_learning)
        {
            var tuples = read.FindAll(tuple => tuple.Number > _lastTuple);
            if (tuples.Count == 0)
            {
                return;
            }

            var all = _tuples;
            var needed = (tuples[^1].Number + 1) * Dimensions.Count;
            if (needed > all.Length)
            {
                Array.Resize(ref all, Math.Max(all.Length * 2, needed));
            }

            foreach (var (number, key) in tuples)
            {
                key.Words.CopyTo(all, number * Dimensions.Count);
                _models.Add(key.Words[(int)LogDimension.Model]);
            }

            _modelCount = _models.Count;
            _tuples = all;
            _lastTuple = tuples[^1].Number;
            foreach (var (number, key) in tuples)
            {
                _tupleNumbers[key] = number;
            }
        }
    }

    private TupleKey KeyOf(LogRow row)
    {
        var words = new int[Dimensions.Count];
        for (var at = 0; at < words.Length; at++)
        {
            var text = Dimensions.Of(row, (LogDimension)at);
            words[at] = (LogDimension)at == LogDimension.Model ? ModelWord(text) : Word(text);
        }

        var key = new TupleKey(words);
        if (_lastTuple < options.MostCombinations || _tupleNumbers.ContainsKey(key))
        {
            return key;
        }

        // Without the model there are as many as the operator makes.
        words[(int)LogDimension.Model] = Word(OtherModels);
        return new TupleKey(words);
    }

    private int ModelWord(string text)
    {
        var number = Find(text);
        return number < 0 ? Word(OtherModels) : number;
    }

    // PostgreSQL takes every character but this one.
    private static string Clean(string text) => text.Contains('\0') ? text.Replace("\0", "") : text;

    private sealed record Alike(LogRow Row, int Tuple);

    private readonly struct TupleKey(int[] words) : IEquatable<TupleKey>
    {
        public int[] Words => words;

        public bool Equals(TupleKey other) => words.AsSpan().SequenceEqual(other.Words);

        public override bool Equals(object? obj) => obj is TupleKey other && Equals(other);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            foreach (var word in words)
            {
                hash.Add(word);
            }

            return hash.ToHashCode();
        }
    }
}
