using System.Buffers;
using System.Text.Json;

namespace Bifrost.Admin.Logs.Export;

/// <summary>A JSON object on each line: the row as in the list, with how its cost came about.</summary>
internal sealed class JsonLinesFormat(bool withContent) : IExportFormat
{
    private const int Piece = 64 << 10;

    /// <inheritdoc/>
    public string Ending => ".jsonl";

    /// <inheritdoc/>
    public string ContentType => "application/x-ndjson";

    /// <inheritdoc/>
    public bool IsPacked => false;

    /// <inheritdoc/>
    public async Task WriteAsync(IAsyncEnumerable<ExportRow> rows, Stream file, CancellationToken cancel)
    {
        var bytes = new ArrayBufferWriter<byte>(2 * Piece);
        await using var json = new Utf8JsonWriter(bytes);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            var view = RowView.Of(row.Row);
            view["cost_lines"] = RowView.CostLines(row.Row);
            if (withContent)
            {
                view["payload"] = row.Payload is { } payload ? PayloadView.Of(payload) : null;
            }

            json.Reset(bytes);
            view.WriteTo(json);
            await json.FlushAsync(cancel);
            bytes.Write("\n"u8);
            if (bytes.WrittenCount >= Piece)
            {
                await file.WriteAsync(bytes.WrittenMemory, cancel);
                bytes.ResetWrittenCount();
            }
        }

        await file.WriteAsync(bytes.WrittenMemory, cancel);
    }
}
