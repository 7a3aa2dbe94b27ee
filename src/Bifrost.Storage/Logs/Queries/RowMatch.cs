using System.Globalization;
using System.Text;
using Bifrost.Observability.Stores;
using Bifrost.Storage.Logs.Rollups;

namespace Bifrost.Storage.Logs.Queries;

/// <summary>A filter, ready to be asked: which combinations, which keys, which rows.</summary>
internal sealed class RowMatch
{
    private readonly LogFilter _filter;
    private readonly bool[]? _tuples;
    private readonly Dictionary<LogDimension, HashSet<int>> _values = [];

    public RowMatch(LogFilter filter, LogCatalog catalog)
    {
        _filter = filter;
        From = filter.From ?? long.MinValue;
        To = filter.To ?? long.MaxValue;
        Words = filter.Text is null ? [] : Split(filter.Text);
        foreach (var (dimension, texts) in filter.Values)
        {
            _values[dimension] = [.. texts.Select(catalog.Find)];
        }

        _tuples = _values.Count == 0 ? null : Evaluate(catalog);
    }

    /// <summary>Unix microseconds.</summary>
    public long From { get; }

    public long To { get; }

    public long FirstKey => LogKey.First(From);

    public long EndKey => To == long.MaxValue ? long.MaxValue : LogKey.First(To);

    /// <summary>Nothing but time decides.</summary>
    public bool IsEverything => _tuples is null && _filter.IsPlain;

    public bool IsPlain => _filter.IsPlain;

    public bool AsksDimensions => _tuples is not null;

    public bool AsksText => _filter.Text is not null;

    /// <summary>What is searched for, as the index knows words.</summary>
    public IReadOnlyList<string> Words { get; }

    public IReadOnlyList<KeyValuePair<string, string>> Metadata => _filter.Metadata;

    public IReadOnlyCollection<LogDimension> Dimensions => _values.Keys;

    public bool AnyTuple { get; private set; } = true;

    public bool Tuple(int tuple) => _tuples is null || (tuple < _tuples.Length && _tuples[tuple]);

    /// <summary>Combinations that match, where dimensions are asked for.</summary>
    public IEnumerable<int> Tuples => _tuples is null ? [] : Enumerable.Range(0, _tuples.Length).Where(tuple => _tuples[tuple]);

    /// <summary>Where a section of this dimension is read.</summary>
    public bool Value(LogDimension dimension, int word) => !_values.TryGetValue(dimension, out var words) || words.Contains(word);

    /// <summary>A row may match whose cell has these bounds.</summary>
    public bool Within(Bounds bounds) =>
        Touches(_filter.Latency, bounds, LogSort.Latency, 0)
        && Touches(_filter.Tokens, bounds, LogSort.Tokens, 0)
        && Touches(_filter.Cost, bounds, LogSort.Cost, 0)
        && (!_filter.MissingCostOnly || bounds.Least(LogSort.Cost) < 0);

    public bool AsksBounds =>
        _filter.Latency is not null || _filter.Tokens is not null || _filter.Cost is not null || _filter.MissingCostOnly;

    /// <summary>Everything but the text, which only its index knows.</summary>
    public bool Row(StoredRow row) =>
        Tuple(row.Tuple)
        && Inside(_filter.Latency, row.Latency)
        && Inside(_filter.Tokens, row.Tokens)
        && (_filter.Cost is null || (row.Cost is { } cost && Inside(_filter.Cost, cost)))
        && (!_filter.MissingCostOnly || row.Cost is null)
        && (_filter.Metadata.Count == 0 || HasMetadata(row));

    /// <summary>What of <see cref="Row"/> the database can decide by itself, to be joined with AND; empty: nothing. A row that is not read costs a tenth.</summary>
    public string Sql
    {
        get
        {
            var sql = new StringBuilder();
            Append(sql, _filter.Latency, "latency");
            Append(sql, _filter.Tokens, "input + output");
            Append(sql, _filter.Cost, "cost");
            if (AsksText)
            {
                sql.Append(StoredRow.WithPayloadSql);
            }

            if (_filter.MissingCostOnly)
            {
                sql.Append(" AND cost IS NULL");
            }

            return sql.ToString();
        }
    }

    /// <summary>Runs of letters and digits, in small letters: the same words in both databases, whatever their locale.</summary>
    public static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsOfWord(rune))
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        if (word.Length > 0)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    private static bool IsOfWord(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.DecimalDigitNumber;

    private bool[] Evaluate(LogCatalog catalog)
    {
        var width = Logs.Dimensions.Count;
        var all = catalog.AllTuples;
        var matches = new bool[all.Length / width];
        matches.AsSpan(1).Fill(true);
        foreach (var (dimension, words) in _values)
        {
            for (var tuple = 1; tuple < matches.Length; tuple++)
            {
                matches[tuple] &= words.Contains(all[(tuple * width) + (int)dimension]);
            }
        }

        AnyTuple = Array.IndexOf(matches, true) >= 0;
        return matches;
    }

    private bool HasMetadata(StoredRow row)
    {
        var there = LogDetail.MetadataOf(row.Detail);
        foreach (var wanted in _filter.Metadata)
        {
            if (!there.Contains(wanted))
            {
                return false;
            }
        }

        return true;
    }

    private static void Append(StringBuilder sql, LogRange<long>? range, string column)
    {
        if (range is not { } wanted)
        {
            return;
        }

        // NULL is in no range, which is what is meant.
        sql.Append(
            CultureInfo.InvariantCulture,
            $" AND {column} BETWEEN {wanted.Min ?? long.MinValue + 1} AND {wanted.Max ?? long.MaxValue}"
        );
    }

    private static bool Inside(LogRange<long>? range, long value) =>
        range is not { } wanted || (value >= (wanted.Min ?? long.MinValue) && value <= (wanted.Max ?? long.MaxValue));

    private static bool Touches(LogRange<long>? range, Bounds bounds, LogSort sort, long least) =>
        range is not { } wanted || (bounds.Most(sort) >= (wanted.Min ?? least) && bounds.Least(sort) <= (wanted.Max ?? long.MaxValue));
}
