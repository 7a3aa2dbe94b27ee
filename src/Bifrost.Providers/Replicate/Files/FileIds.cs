using System.Buffers;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Our ids of files: <c>file-</c> and Replicate's own id.</summary>
internal static class FileIds
{
    private const string Prefix = "file-";
    private const int MaxLength = 200;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+~"
    );

    public static string Ours(string upstreamId) => Prefix + upstreamId;

    /// <summary>Replicate's id in an id of ours; safe in a path. Anything else cannot be an id of Replicate, so nobody needs to be asked.</summary>
    public static Outcome<string> Upstream(string id, string? param = null)
    {
        var bare = id.StartsWith(Prefix, StringComparison.Ordinal) ? id[Prefix.Length..] : id;
        return bare.Length is 0 or > MaxLength || bare.AsSpan().ContainsAnyExcept(Allowed)
            ? new Fault(FaultKind.NotFound, $"There is no file \"{(id.Length <= 80 ? id : $"{id.AsSpan(0, 80)}…")}\".") { Param = param }
            : bare;
    }
}
