using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Observability.Stores;
using Microsoft.Net.Http.Headers;
using Parquet;

namespace Bifrost.Admin.Logs.Export;

/// <summary>The log as a file. Rows are read and sent as the reader takes them, so that its size costs no memory.</summary>
internal sealed class ExportRoutes(LogParts log, TimeProvider clock)
{
    private static readonly IReadOnlyList<(string Word, FileKind Value)> Kinds =
    [
        ("csv", FileKind.Csv),
        ("jsonl", FileKind.JsonLines),
        ("parquet", FileKind.Parquet),
    ];

    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/logs/export", "Requests as a file, the oldest first.", call => Task.FromResult(Export(call)))
            {
                Group = LogRoutes.Group,
                Query =
                [
                    .. FilterReading.Parameters,
                    new("format", "csv, jsonl (the rows as in the list, one on a line) or parquet."),
                    new("compression", "gzip packs the file, or the columns within a Parquet file; none, which is usual, does not."),
                    new("limit", "Rows at most. Usual: all.", FieldKind.Whole),
                    new("payload", "Whether to add what was asked and answered. Usual: false.", FieldKind.Flag),
                ],
                Answer =
                    "A file. Without an end: until now. Sent with `Accept-Encoding: gzip` it is packed on the way. It is complete if the answer is: one "
                    + "that breaks off has no proper end.",
                Refusals = [400],
            },
        ];

    private Reply Export(Call call)
    {
        var mistakes = new List<Mistake>();
        var filter = FilterReading.Of(call, mistakes);
        var kind = Choice.Of(call, "format", Kinds, FileKind.None, mistakes);
        if (call.Text("format") is null)
        {
            mistakes.Add(new Mistake("format", "is missing. It is one of csv, jsonl, parquet."));
        }

        var packed = Choice.Of(call, "compression", [("none", false), ("gzip", true)], false, mistakes);
        var limit = call.Whole("limit", mistakes);
        if (limit == 0)
        {
            mistakes.Add(new Mistake("limit", "is 0. Write a whole number of 1 or more, or leave it out."));
        }

        var withContent = Choice.Of(call, "payload", [("true", true), ("false", false)], false, mistakes);
        if (mistakes.Count > 0)
        {
            return Reply.Bad(mistakes);
        }

        var now = clock.GetUtcNow();
        var bounded = filter with { To = filter.To ?? Micros.Of(now) + 1 };
        var format = FormatOf(kind, packed, withContent);
        var isFilePacked = packed && !format.IsPacked;
        var isSentPacked = !packed && !format.IsPacked && TakesGzip(call.Http.Request);
        return new Reply(StatusCodes.Status200OK, null)
        {
            ContentType = isFilePacked ? "application/gzip" : format.ContentType,
            ContentEncoding = isSentPacked ? "gzip" : null,
            FileName = string.Create(
                CultureInfo.InvariantCulture,
                $"bifrost-requests-{now.UtcDateTime:yyyyMMdd-HHmmss}{format.Ending}{(isFilePacked ? ".gz" : "")}"
            ),
            Stream = async (http, cancel) =>
            {
                http.Response.Headers.Append(HeaderNames.Vary, HeaderNames.AcceptEncoding);
                var rows = RowsAsync(bounded, limit ?? int.MaxValue, withContent, cancel);
                if (isFilePacked || isSentPacked)
                {
                    await using var gzip = new GZipStream(http.Response.Body, CompressionLevel.Fastest, leaveOpen: true);
                    await format.WriteAsync(rows, gzip, cancel);
                }
                else
                {
                    await format.WriteAsync(rows, http.Response.Body, cancel);
                }
            },
        };
    }

    private async IAsyncEnumerable<ExportRow> RowsAsync(
        LogFilter filter,
        int limit,
        bool withContent,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        var left = limit;
        await foreach (var row in log.Store.ReadAsync(filter, cancel))
        {
            yield return new ExportRow(row, withContent && row.HasPayload ? await log.Store.PayloadAsync(row.Id, cancel) : null);
            if (--left == 0)
            {
                break;
            }
        }
    }

    private static IExportFormat FormatOf(FileKind kind, bool packed, bool withContent)
    {
        var columns = withContent ? ExportColumns.RowsWithContent : ExportColumns.Rows;
        return kind switch
        {
            FileKind.Csv => new CsvFormat(columns),
            FileKind.JsonLines => new JsonLinesFormat(withContent),
            _ => new ParquetFormat(columns, packed ? CompressionMethod.Gzip : CompressionMethod.Snappy),
        };
    }

    private static bool TakesGzip(HttpRequest request) =>
        request
            .GetTypedHeaders()
            .AcceptEncoding.Any(static e => e.Value.Equals("gzip", StringComparison.OrdinalIgnoreCase) && e.Quality is not 0);

    private enum FileKind
    {
        None,
        Csv,
        JsonLines,
        Parquet,
    }
}
