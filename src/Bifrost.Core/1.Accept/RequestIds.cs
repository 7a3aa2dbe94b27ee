using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Accept;

/// <summary>Gives every request the id by which its log lines, its row, its trace and its answer are found together: the caller's own
/// <c>x-request-id</c> where it is plain, else a new one.</summary>
public static class RequestIds
{
    public const string Header = "x-request-id";

    private const int Longest = 128;

    public static string Of(HttpRequest request) => GivenIn(request) ?? New();

    /// <summary>Ids sort by the time they were made.</summary>
    public static string New() => Guid.CreateVersion7().ToString();

    /// <summary>Null when the caller gave none that could stand in a header and a log line.</summary>
    public static string? GivenIn(HttpRequest request)
    {
        var given = request.Headers[Header];
        return given.Count == 1 && given[0] is { Length: > 0 and <= Longest } id && IsPlain(id) ? id : null;
    }

    private static bool IsPlain(string id)
    {
        foreach (var c in id)
        {
            if (c is <= ' ' or >= '\x7f')
            {
                return false;
            }
        }

        return true;
    }
}
