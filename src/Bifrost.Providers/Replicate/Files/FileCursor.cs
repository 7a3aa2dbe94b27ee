using System.Globalization;
using Bifrost.Core;
using Bifrost.Core.World;

namespace Bifrost.Providers.Replicate;

/// <summary>Where a walk through an account's files stopped. Sealed under the account's key, so that a caller can neither make one up nor
/// point it at another account.</summary>
/// <param name="Page">Replicate's cursor of the page it stopped in; null for the first.</param>
/// <param name="LastId">Replicate's id of the last file looked at.</param>
/// <param name="BeforeId">Of the one listed before it, should the last be gone by then; or null.</param>
/// <param name="LastCreated">When the last was made, should both be gone.</param>
internal sealed record FileCursor(string? Page, string LastId, string? BeforeId, DateTimeOffset LastCreated)
{
    private const string Prefix = "filepage_";

    public static bool Is(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    public string Seal(ProviderModel provider, KeyModel key) =>
        PinnedId.Seal(
            Prefix,
            provider,
            key,
            BeforeId is null ? LastId : $"{LastId} {BeforeId}",
            string.Create(CultureInfo.InvariantCulture, $"{LastCreated.UtcTicks} {Page}")
        );

    /// <summary>The cursor and the key it belongs to; null when it is not of our making or was tampered with.</summary>
    public static (FileCursor Cursor, KeyModel Key)? Open(string text, GatewayWorld world, KeyModel? directKey)
    {
        if (PinnedId.Open(Prefix, text, world, directKey) is not { } job)
        {
            return null;
        }

        var ids = job.UpstreamId.Split(' ', 2);
        var place = job.Model.Split(' ', 2);
        if (place.Length != 2 || !long.TryParse(place[0], NumberStyles.None, CultureInfo.InvariantCulture, out var created))
        {
            return null;
        }

        var page = place[1].Length > 0 ? place[1] : null;
        return (new FileCursor(page, ids[0], ids.Length > 1 ? ids[1] : null, new DateTimeOffset(created, TimeSpan.Zero)), job.Key);
    }
}
