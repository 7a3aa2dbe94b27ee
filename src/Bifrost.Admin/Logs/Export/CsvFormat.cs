using System.Buffers;
using System.Text;

namespace Bifrost.Admin.Logs.Export;

/// <summary>
/// Comma-separated values by RFC 4180: a head line, lines ended by CR LF, quotes where a value needs them, nothing between two commas for nothing.
/// A text that a spreadsheet would take for a formula (it begins with =, +, -, @, a tab or a line break) gets an apostrophe in front: callers choose
/// models, headers and prompts, and must not run anything on the machine of whoever opens the file. Numbers are never touched.
/// </summary>
internal sealed class CsvFormat(IReadOnlyList<Column> columns) : IExportFormat
{
    private const int Piece = 64 << 10;

    private static readonly SearchValues<char> NeedQuotes = SearchValues.Create(",\"\r\n");
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public string Ending => ".csv";

    /// <inheritdoc/>
    public string ContentType => "text/csv; charset=utf-8; header=present";

    /// <inheritdoc/>
    public bool IsPacked => false;

    /// <inheritdoc/>
    public async Task WriteAsync(IAsyncEnumerable<ExportRow> rows, Stream file, CancellationToken cancel)
    {
        var writer = new StreamWriter(file, Utf8, Piece, leaveOpen: true);
        await using (writer)
        {
            await writer.WriteAsync(string.Join(',', columns.Select(static c => c.Name)) + "\r\n");
            var line = new StringBuilder();
            await foreach (var row in rows.WithCancellation(cancel))
            {
                line.Clear();
                foreach (var column in columns)
                {
                    line.Append(line.Length == 0 ? "" : ",");
                    Append(line, column.Text(row), column.IsText);
                }

                await writer.WriteAsync(line.Append("\r\n"), cancel);
            }
        }
    }

    private static void Append(StringBuilder line, string? value, bool isText)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        if (isText && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n')
        {
            value = "'" + value;
        }

        if (value.AsSpan().ContainsAny(NeedQuotes))
        {
            line.Append('"').Append(value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            line.Append(value);
        }
    }
}
