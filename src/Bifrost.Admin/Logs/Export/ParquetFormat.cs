using Parquet;
using Parquet.Schema;

namespace Bifrost.Admin.Logs.Export;

/// <summary>Apache Parquet, a row group for every so many rows: what is not written yet is all that is held.</summary>
/// <param name="columns">Of the table.</param>
/// <param name="packing">Of the columns within the file.</param>
internal sealed class ParquetFormat(IReadOnlyList<Column> columns, CompressionMethod packing) : IExportFormat
{
    private const int GroupRows = 10_000;
    private const long GroupContentBytes = 16 << 20;

    /// <inheritdoc/>
    public string Ending => ".parquet";

    /// <inheritdoc/>
    public string ContentType => "application/vnd.apache.parquet";

    /// <inheritdoc/>
    public bool IsPacked => true;

    /// <inheritdoc/>
    public async Task WriteAsync(IAsyncEnumerable<ExportRow> rows, Stream file, CancellationToken cancel)
    {
        using var buffer = new AppendingStream();
        var schema = new ParquetSchema(columns.Select(static c => c.Field));
        var options = new ParquetOptions { CompressionMethod = packing };
        await using (var writer = await ParquetWriter.CreateAsync(schema, buffer, options, append: false, cancel))
        {
            var group = new List<ExportRow>(GroupRows);
            var contentBytes = 0L;
            await foreach (var row in rows.WithCancellation(cancel))
            {
                group.Add(row);
                contentBytes += row.ContentBytes;
                if (group.Count == GroupRows || contentBytes >= GroupContentBytes)
                {
                    await WriteAsync(writer, group);
                    await buffer.PassAsync(file, cancel);
                    group.Clear();
                    contentBytes = 0;
                }
            }

            if (group.Count > 0)
            {
                await WriteAsync(writer, group);
            }
        }

        await buffer.PassAsync(file, cancel);
    }

    private async Task WriteAsync(ParquetWriter writer, IReadOnlyList<ExportRow> rows)
    {
        using var group = writer.CreateRowGroup();
        foreach (var column in columns)
        {
            await column.WriteAsync(group, rows);
        }
    }
}
