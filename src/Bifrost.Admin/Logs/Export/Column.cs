using System.Globalization;
using System.Text;
using Bifrost.Observability.RequestLog;
using Parquet;
using Parquet.Schema;

namespace Bifrost.Admin.Logs.Export;

/// <summary>A column of a table: its name, its type in Parquet, and what stands in it.</summary>
/// <param name="Name">As it stands in the file's head.</param>
internal abstract record Column(string Name)
{
    public abstract DataField Field { get; }

    /// <summary>Someone else than the gateway has a say in what stands there.</summary>
    public virtual bool IsText => false;

    /// <summary>Null: nothing.</summary>
    public abstract string? Text(in ExportRow row);

    public abstract Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<ExportRow> rows);
}

internal sealed record TextColumn(string Name, Func<LogRow, string?> Of) : Column(Name)
{
    public override DataField Field { get; } = new DataField<string>(Name, nullable: true);

    public override bool IsText => true;

    public override string? Text(in ExportRow row) => Of(row.Row);

    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<ExportRow> rows) =>
        group.WriteAsync(Field, rows.Select(r => Of(r.Row)!).ToList());
}

/// <summary>What was asked or answered, as text.</summary>
internal sealed record ContentColumn(string Name, Func<LogPayload, ReadOnlyMemory<byte>> Of) : Column(Name)
{
    public override DataField Field { get; } = new DataField<string>(Name, nullable: true);

    public override bool IsText => true;

    public override string? Text(in ExportRow row) =>
        row.Payload is { } payload && Of(payload) is { Length: > 0 } bytes ? Encoding.UTF8.GetString(bytes.Span) : null;

    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<ExportRow> rows) =>
        group.WriteAsync(Field, rows.Select(r => Text(r)!).ToList());
}

internal sealed record WholeColumn(string Name, Func<LogRow, long> Of) : Column(Name)
{
    public override DataField Field { get; } = new DataField<long>(Name, nullable: false);

    public override string Text(in ExportRow row) => Of(row.Row).ToString(CultureInfo.InvariantCulture);

    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<ExportRow> rows) =>
        group.WriteAsync<long>(Field, rows.Select(r => Of(r.Row)).ToArray());
}

internal sealed record FlagColumn(string Name, Func<LogRow, bool> Of) : Column(Name)
{
    public override DataField Field { get; } = new DataField<bool>(Name, nullable: false);

    public override string Text(in ExportRow row) => Of(row.Row) ? "true" : "false";

    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<ExportRow> rows) =>
        group.WriteAsync<bool>(Field, rows.Select(r => Of(r.Row)).ToArray());
}

/// <summary>Unix microseconds; in a file a time in UTC.</summary>
internal sealed record TimeColumn(string Name, Func<LogRow, long> Of) : Column(Name)
{
    public override DataField Field { get; } =
        new DateTimeDataField(Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: false);

    public override string Text(in ExportRow row) => Micros.Write(Of(row.Row));

    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<ExportRow> rows) =>
        group.WriteAsync<DateTime>(Field, rows.Select(r => Micros.Time(Of(r.Row)).UtcDateTime).ToArray());
}

/// <summary>A decimal number, exact: so many units of 10⁻ˢᶜᵃˡᵉ. Eighteen digits are what Parquet keeps in eight bytes; money in nanodollars then ends at a
/// billion dollars for one request.</summary>
internal sealed record ScaledColumn(string Name, int Scale, Func<LogRow, long?> Of) : Column(Name)
{
    private const int Precision = 18;
    private const long Most = 999_999_999_999_999_999;

    public override DataField Field { get; } = new DecimalDataField(Name, Precision, Scale, isNullable: true);

    public override string? Text(in ExportRow row) => Value(row.Row)?.ToString(CultureInfo.InvariantCulture);

    public override Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<ExportRow> rows) =>
        group.WriteAsync<decimal>(Field, rows.Select(r => Value(r.Row)).ToArray());

    private decimal? Value(LogRow row)
    {
        if (Of(row) is not { } units)
        {
            return null;
        }

        var bounded = Math.Clamp(units, -Most, Most);
        return new decimal((int)Math.Abs(bounded), (int)(Math.Abs(bounded) >> 32), 0, bounded < 0, (byte)Scale);
    }
}
