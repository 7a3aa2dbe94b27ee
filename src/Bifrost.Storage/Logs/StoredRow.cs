using System.Data.Common;
using System.Text;
using Bifrost.Observability.RequestLog;
using Bifrost.Storage.Databases;

namespace Bifrost.Storage.Logs;

/// <summary>A row as the table holds it: what is filtered, sorted and summed stands in columns, the rest in <see cref="Detail"/>.</summary>
internal sealed class StoredRow
{
    /// <summary>In the order <see cref="Read"/> expects.</summary>
    public const string Columns =
        "key, tuple, finder, latency, first_byte, input, output, cached_read, reasoning, images, cost, flags, id, detail";

    /// <summary>As <see cref="Columns"/>, for sums: without id and detail.</summary>
    public const string NumberColumns =
        "key, tuple, finder, latency, first_byte, input, output, cached_read, reasoning, images, cost, flags, NULL, NULL";

    /// <summary>Of several rows: how many, and their sums in the order of <see cref="Rollups.Cell.Sums"/> from <see cref="Rollups.Cell.Input"/> on.</summary>
    public const string SumColumns = """
        count(*), CAST(sum(input) AS bigint), CAST(sum(output) AS bigint), CAST(sum(cached_read) AS bigint), CAST(sum(reasoning) AS bigint),
        CAST(sum(images) AS bigint), CAST(COALESCE(sum(cost), 0) AS bigint), count(*) - count(cost), CAST(sum(flags & 1) AS bigint)
        """;

    /// <summary>A condition, after AND.</summary>
    public const string WithPayloadSql = " AND (flags & 2) <> 0";

    private byte[]? _idBytes;

    private const int IsEstimated = 1;
    private const int IsWithPayload = 2;
    private const int IsRecovered = 4;

    public long Key { get; set; }

    public required int Tuple { get; init; }

    public long Latency { get; init; }

    public long? FirstByte { get; init; }

    public long Input { get; init; }

    public long Output { get; init; }

    public long CachedRead { get; init; }

    public long Reasoning { get; init; }

    public int Images { get; init; }

    public long? Cost { get; init; }

    public bool Estimated { get; init; }

    public bool HasPayload { get; init; }

    public bool Recovered { get; init; }

    public required string Id { get; init; }

    /// <summary>As it is written.</summary>
    public byte[] IdBytes => _idBytes ??= Encoding.UTF8.GetBytes(Id);

    /// <inheritdoc cref="LogKey.Finder"/>
    public long Finder => LogKey.Finder(At, Id);

    public required byte[] Detail { get; init; }

    /// <summary>Read and written together: what <see cref="Bifrost.Observability.Stores.LogFilter.Tokens"/> means.</summary>
    public long Tokens => Input + Output;

    public long At => LogKey.At(Key);

    /// <param name="row">Whose words the catalog has.</param>
    /// <param name="catalog">Numbers them.</param>
    public static StoredRow Of(LogRow row, LogCatalog catalog) =>
        new()
        {
            Key = LogKey.Of(row.At, row.Id),
            Tuple = catalog.Tuple(row),
            Latency = row.Latency,
            FirstByte = row.FirstByte,
            Input = row.InputTokens,
            Output = row.OutputTokens,
            CachedRead = row.CachedReadTokens,
            Reasoning = row.ReasoningTokens,
            Images = row.Images,
            Cost = row.Cost,
            Estimated = row.Estimated,
            HasPayload = row.HasPayload,
            Recovered = row.Recovered,
            Id = row.Id,
            Detail = LogDetail.Write(row, catalog),
        };

    public object?[] Values() =>
        [Key, Tuple, Finder, Latency, FirstByte, Input, Output, CachedRead, Reasoning, Images, Cost, Flags, IdBytes, Detail];

    /// <summary>As <see cref="Values"/>, without making objects of the numbers.</summary>
    public void Bind(SqliteStatement to)
    {
        ReadOnlySpan<long?> numbers = [Key, Tuple, Finder, Latency, FirstByte, Input, Output, CachedRead, Reasoning, Images, Cost, Flags];
        for (var i = 0; i < numbers.Length; i++)
        {
            to.Bind(i + 1, numbers[i]);
        }

        to.Bind(numbers.Length + 1, IdBytes).Bind(numbers.Length + 2, Detail);
    }

    private int Flags => (Estimated ? IsEstimated : 0) | (HasPayload ? IsWithPayload : 0) | (Recovered ? IsRecovered : 0);

    public static StoredRow Read(DbDataReader from)
    {
        var flags = from.GetInt32(11);
        return new StoredRow
        {
            Key = from.GetInt64(0),
            Tuple = from.GetInt32(1),
            Latency = from.GetInt64(3),
            FirstByte = from.IsDBNull(4) ? null : from.GetInt64(4),
            Input = from.GetInt64(5),
            Output = from.GetInt64(6),
            CachedRead = from.GetInt64(7),
            Reasoning = from.GetInt64(8),
            Images = from.GetInt32(9),
            Cost = from.IsDBNull(10) ? null : from.GetInt64(10),
            Estimated = (flags & IsEstimated) != 0,
            HasPayload = (flags & IsWithPayload) != 0,
            Recovered = (flags & IsRecovered) != 0,
            Id = from.IsDBNull(12) ? "" : Encoding.UTF8.GetString(from.GetFieldValue<byte[]>(12)),
            Detail = from.IsDBNull(13) ? [] : from.GetFieldValue<byte[]>(13),
        };
    }
}
