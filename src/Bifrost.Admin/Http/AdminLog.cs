using Microsoft.Extensions.Logging;

namespace Bifrost.Admin.Http;

/// <summary>One line for each management request; never a query, a body or a header.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(1, LogLevel.Information, "{RequestId} {Method} {Path} {Status} {Milliseconds:0} ms")]
    public static partial void Answered(ILogger log, string? requestId, string method, PathString path, int status, double milliseconds);

    [LoggerMessage(2, LogLevel.Error, "{RequestId} {Method} {Path}: the store does not answer")]
    public static partial void StoreDown(ILogger log, string? requestId, string method, PathString path, Exception down);

    [LoggerMessage(3, LogLevel.Error, "{RequestId} {Method} {Path} failed")]
    public static partial void Failed(ILogger log, string? requestId, string method, PathString path, Exception bug);

    [LoggerMessage(4, LogLevel.Error, "{RequestId} {Method} {Path} broke off in the middle of its answer")]
    public static partial void BrokenOff(ILogger log, string? requestId, string method, PathString path, Exception broken);
}
