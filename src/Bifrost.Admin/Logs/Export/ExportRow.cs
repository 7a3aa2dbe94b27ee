using Bifrost.Observability.RequestLog;

namespace Bifrost.Admin.Logs.Export;

/// <summary>What goes into a file: a row, and what was asked and answered where that was wanted and is kept.</summary>
internal readonly record struct ExportRow(LogRow Row, LogPayload? Payload)
{
    /// <summary>About how much memory its content takes.</summary>
    public long ContentBytes => Payload is { } payload ? payload.Request.Length + payload.Response.Length : 0;
}

/// <summary>Writes rows to a file as they come, holding few of them.</summary>
internal interface IExportFormat
{
    /// <summary>What the file's name ends in, with its dot.</summary>
    string Ending { get; }

    string ContentType { get; }

    /// <summary>What has been packed once does not get smaller.</summary>
    bool IsPacked { get; }

    Task WriteAsync(IAsyncEnumerable<ExportRow> rows, Stream file, CancellationToken cancel);
}
