using System.Buffers.Binary;
using Microsoft.AspNetCore.Http;

namespace Bifrost.Core.Accept;

/// <summary>Gives every request the id by which its log lines, its row, its trace and its answer are found together: the caller's own
/// <c>x-request-id</c> where it is plain, else a new one.</summary>
public static class RequestIds
{
    public const string Header = "x-request-id";

    private const int Longest = 128;

    public static string Of(HttpRequest request, TimeProvider clock) => GivenIn(request) ?? New(clock);

    /// <summary>A UUID of version 7: ids sort by the time they were made. They are no secrets, and secure randomness is a call of the system for each.</summary>
    public static string New(TimeProvider clock)
    {
        Span<byte> bytes = stackalloc byte[16];
        Random.Shared.NextBytes(bytes[6..]);
        var now = (ulong)clock.GetUtcNow().ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteUInt64BigEndian(bytes, now << 16 | 0x7000 | BinaryPrimitives.ReadUInt16BigEndian(bytes[6..]) & 0xFFFu);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

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
