using System.Globalization;
using Bifrost.Core;
using Bifrost.Core.World;

namespace Bifrost.Providers.Replicate;

/// <summary>Where a walk through an account's files stopped. Sealed under the account's key, so that a caller can neither make one up nor
/// point it at another account.</summary>
/// <param name="Page">Replicate's cursor of the page it stopped in; null for the first.</param>
/// <param name="LastId">Replicate's id of the last file looked at.</param>
/// <param name="LastCreated">When that was made, should it be gone by then.</param>
internal sealed record FileCursor(string? Page, string LastId, DateTimeOffset LastCreated)
{
    private const string Prefix = "filepage_";

    public static bool Is(string text) => text.StartsWith(Prefix, StringComparison.Ordinal);

    public string Seal(ProviderModel provider, KeyModel key) =>
        PinnedId.Seal(
            Prefix,
            provider,
            key,
            LastId,
            string.Create(CultureInfo.InvariantCulture, $"{LastCreated.ToUnixTimeMilliseconds()} {Page}")
        );

    /// <summary>The cursor and the key it belongs to; null when it is not of our making or was tampered with.</summary>
    public static (FileCursor Cursor, KeyModel Key)? Open(string text, GatewayWorld world, KeyModel? directKey)
    {
        if (PinnedId.Open(Prefix, text, world, directKey) is not { } job)
        {
            return null;
        }

        var space = job.Model.IndexOf(' ', StringComparison.Ordinal);
        return
            space > 0
            && long.TryParse(job.Model.AsSpan(0, space), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var created)
            ? (
                new FileCursor(
                    space + 1 < job.Model.Length ? job.Model[(space + 1)..] : null,
                    job.UpstreamId,
                    DateTimeOffset.FromUnixTimeMilliseconds(created)
                ),
                job.Key
            )
            : null;
    }
}
