using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;

namespace Bifrost.Storage.Logs;

/// <summary>What of a row is only shown, packed: texts that repeat by their number, the others as they are.</summary>
internal static class LogDetail
{
    // Stands first, so that later versions can add.
    private const byte Version = 1;

    // Instead of a word's number: none, and a text that has no number.
    private const int NoWord = -1;
    private const int Spelled = -2;

    // What MetadataOf passes over.
    private const int WordCount = 8;
    private const int NumberCount = 11;

    /// <summary>The texts of a row that are kept by number.</summary>
    /// <param name="row">Which.</param>
    /// <param name="ours">Is given those that the operator or this program chose: there are only so many.</param>
    /// <param name="theirs">Is given those that callers and providers chose: there may be any number.</param>
    public static void CollectWords(LogRow row, Action<string> ours, Action<string> theirs)
    {
        static void Maybe(string? text, Action<string> found)
        {
            if (text is not null)
            {
                found(text);
            }
        }

        Maybe(row.Culprit, ours);
        Maybe(row.VirtualKeyName, ours);
        Maybe(row.ProviderKeyName, ours);
        Maybe(row.AskedModel, theirs);
        Maybe(row.SentModel, theirs);
        Maybe(row.AnsweredModel, theirs);
        Maybe(row.PriceVersion, ours);
        Maybe(row.Cache, ours);
        foreach (var attempt in row.Attempts)
        {
            Maybe(attempt.Provider, ours);
            Maybe(attempt.Model, theirs);
            Maybe(attempt.Key, ours);
            Maybe(attempt.Fault, ours);
        }
    }

    public static byte[] Write(LogRow row, LogCatalog catalog)
    {
        var to = new ByteWriter();
        void Word(string? text)
        {
            var number = text is null ? NoWord : catalog.Find(text);
            if (text is null || number >= 0)
            {
                to.Number(number);
                return;
            }

            to.Number(Spelled);
            to.Text(text);
        }

        to.Byte(Version);
        to.Number(row.HttpStatus);
        Word(row.Culprit);
        Word(row.VirtualKeyName);
        Word(row.ProviderKeyName);
        Word(row.AskedModel);
        Word(row.SentModel);
        Word(row.AnsweredModel);
        Word(row.PriceVersion);
        Word(row.Cache);
        to.Text(row.Message);
        to.Text(row.UpstreamId);
        to.Text(row.CostLines);
        ReadOnlySpan<long> numbers =
        [
            row.CachedWriteTokens,
            row.AudioTokens,
            row.VideoMilliseconds,
            row.ComputeMilliseconds,
            row.Accepted,
            row.Planned,
            row.Waited,
            row.Chunks,
            row.RequestBytes,
            row.ResponseBytes,
            row.FallbackIndex,
        ];
        foreach (var number in numbers)
        {
            to.Number(number);
        }

        to.Number(row.Attempts.Count);
        foreach (var attempt in row.Attempts)
        {
            Word(attempt.Provider);
            Word(attempt.Model);
            Word(attempt.Key);
            Word(attempt.Fault);
            to.Number(attempt.Took);
        }

        to.Number(row.Notes.Count);
        foreach (var note in row.Notes)
        {
            to.Text(note);
        }

        to.Number(row.Metadata.Count);
        foreach (var (name, value) in row.Metadata)
        {
            to.Text(name);
            to.Text(value);
        }

        return to.ToArray();
    }

    public static LogRow Read(StoredRow stored, LogCatalog catalog)
    {
        var from = new ByteReader(stored.Detail);
        if (from.Byte() != Version)
        {
            throw new InvalidOperationException($"The row {stored.Id} was written by a newer version.");
        }

        string? Dimension(LogDimension dimension) =>
            catalog.Text(catalog.Dimension(stored.Tuple, dimension)) is { Length: > 0 } text ? text : null;

        var row = new LogRow
        {
            Id = stored.Id,
            At = stored.At,
            HttpStatus = (int)from.Number(),
            Culprit = Word(ref from, catalog),
            VirtualKeyName = Word(ref from, catalog),
            ProviderKeyName = Word(ref from, catalog),
            AskedModel = Word(ref from, catalog) ?? "",
            SentModel = Word(ref from, catalog),
            AnsweredModel = Word(ref from, catalog),
            PriceVersion = Word(ref from, catalog),
            Cache = Word(ref from, catalog),
            Message = from.Text(),
            UpstreamId = from.Text(),
            CostLines = from.Text(),
            CachedWriteTokens = from.Number(),
            AudioTokens = from.Number(),
            VideoMilliseconds = from.Number(),
            ComputeMilliseconds = from.Number(),
            Accepted = from.Number(),
            Planned = from.Number(),
            Waited = from.Number(),
            Chunks = from.Number(),
            RequestBytes = from.Number(),
            ResponseBytes = from.Number(),
            FallbackIndex = (int)from.Number(),
            Attempts = Attempts(ref from, catalog),
            Notes = Notes(ref from),
            Metadata = Metadata(ref from),
            Operation = Dimension(LogDimension.Operation) ?? "",
            Status = Dimensions.StatusOf(catalog.Text(catalog.Dimension(stored.Tuple, LogDimension.Status))),
            Fault = Dimension(LogDimension.Fault),
            Lane = Dimension(LogDimension.Lane),
            Streamed = Dimension(LogDimension.Streamed) == Dimensions.True,
            VirtualKeyId = Dimension(LogDimension.VirtualKey),
            TeamId = Dimension(LogDimension.Team),
            BusinessUnitId = Dimension(LogDimension.BusinessUnit),
            CustomerId = Dimension(LogDimension.Customer),
            UserId = Dimension(LogDimension.User),
            Provider = Dimension(LogDimension.Provider),
            ProviderKeyId = Dimension(LogDimension.ProviderKey),
            InputTokens = stored.Input,
            OutputTokens = stored.Output,
            CachedReadTokens = stored.CachedRead,
            ReasoningTokens = stored.Reasoning,
            Images = stored.Images,
            Cost = stored.Cost,
            Estimated = stored.Estimated,
            Latency = stored.Latency,
            FirstByte = stored.FirstByte,
            HasPayload = stored.HasPayload,
            Recovered = stored.Recovered,
        };
        return row;
    }

    /// <summary>The entries of the metadata index that belong to a row.</summary>
    public static IReadOnlyList<(long Pair, long Key)> Pairs(long key, byte[] detail)
    {
        var metadata = MetadataOf(detail);
        return metadata.Count == 0 ? [] : metadata.Select(pair => (LogKey.Pair(pair.Key, pair.Value), key)).Distinct().ToList();
    }

    /// <summary>The same of many rows, as the index is given them.</summary>
    public static List<object?[]> Pairs(IEnumerable<StoredRow> rows) =>
        rows.SelectMany(row => Pairs(row.Key, row.Detail)).Select(pair => new object?[] { pair.Pair, pair.Key }).ToList();

    public static IReadOnlyList<KeyValuePair<string, string>> MetadataOf(byte[] detail)
    {
        var from = new ByteReader(detail) { Position = 1 };
        Skip(ref from, numbers: 1, words: WordCount, texts: 3);
        Skip(ref from, numbers: NumberCount);
        for (var attempts = from.Number(); attempts > 0; attempts--)
        {
            Skip(ref from, words: 4);
            Skip(ref from, numbers: 1);
        }

        Skip(ref from, texts: (int)from.Number());
        return Metadata(ref from);
    }

    private static void Skip(ref ByteReader from, int numbers = 0, int words = 0, int texts = 0)
    {
        for (; numbers > 0; numbers--)
        {
            from.Number();
        }

        for (; words > 0; words--)
        {
            if (from.Number() == Spelled)
            {
                SkipText(ref from);
            }
        }

        for (; texts > 0; texts--)
        {
            SkipText(ref from);
        }
    }

    private static void SkipText(ref ByteReader from) => from.Bytes(Math.Max(0, (int)from.Number()));

    private static string? Word(ref ByteReader from, LogCatalog catalog)
    {
        return from.Number() switch
        {
            NoWord => null,
            Spelled => from.Text(),
            var number => catalog.Text((int)number),
        };
    }

    private static LogAttempt[] Attempts(ref ByteReader from, LogCatalog catalog)
    {
        var attempts = new LogAttempt[(int)from.Number()];
        for (var at = 0; at < attempts.Length; at++)
        {
            attempts[at] = new LogAttempt(
                Word(ref from, catalog) ?? "",
                Word(ref from, catalog) ?? "",
                Word(ref from, catalog) ?? "",
                Word(ref from, catalog) ?? "",
                from.Number()
            );
        }

        return attempts;
    }

    private static string[] Notes(ref ByteReader from)
    {
        var notes = new string[(int)from.Number()];
        for (var at = 0; at < notes.Length; at++)
        {
            notes[at] = from.Text() ?? "";
        }

        return notes;
    }

    private static KeyValuePair<string, string>[] Metadata(ref ByteReader from)
    {
        var pairs = new KeyValuePair<string, string>[(int)from.Number()];
        for (var at = 0; at < pairs.Length; at++)
        {
            pairs[at] = new KeyValuePair<string, string>(from.Text() ?? "", from.Text() ?? "");
        }

        return pairs;
    }
}
