using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Bifrost.Core.World;

namespace Bifrost.Core;

/// <summary>A job that an id of ours names: where it runs, with which key, under which id and model.</summary>
public sealed record PinnedJob(ProviderModel Provider, KeyModel Key, string UpstreamId, string Model);

/// <summary>Ids that say and prove which key made them: base64url of key fingerprint, provider, upstream id and model, sealed with an
/// HMAC under the provider key itself. No state, so they outlive a restart and work on any node; they die with the key.</summary>
public static class PinnedId
{
    private const int FingerprintLength = 6;
    private const int SealLength = 12;

    /// <summary>Makes <c>{prefix}{base64url}</c>, for instance with prefix <c>video_</c>.</summary>
    public static string Seal(string prefix, ProviderModel provider, KeyModel key, string upstreamId, string model)
    {
        var text = Encoding.UTF8.GetBytes($"{provider.Id}\n{upstreamId}\n{model}");
        var bytes = new byte[FingerprintLength + SealLength + text.Length];
        key.Fingerprint.Span.CopyTo(bytes);
        text.CopyTo(bytes.AsSpan(FingerprintLength + SealLength));
        SealOf(prefix, key, text).CopyTo(bytes.AsSpan(FingerprintLength));
        return prefix + Base64Url.EncodeToString(bytes);
    }

    /// <summary>Null when the id is not of our making, was tampered with, or belongs to a key that is no longer here.</summary>
    public static PinnedJob? Open(string prefix, string id, GatewayWorld world, KeyModel? directKey)
    {
        if (!id.StartsWith(prefix, StringComparison.Ordinal) || id.Length > 1024 || !Base64Url.IsValid(id.AsSpan(prefix.Length)))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(id.AsSpan(prefix.Length));
        if (bytes.Length <= FingerprintLength + SealLength)
        {
            return null;
        }

        var text = bytes.AsSpan(FingerprintLength + SealLength);
        var parts = Encoding.UTF8.GetString(text).Split('\n');
        if (parts.Length != 3 || !world.Providers.TryGetValue(parts[0], out var provider))
        {
            return null;
        }

        var key = KeyOf(bytes.AsSpan(0, FingerprintLength), provider, directKey);
        return
            key is not null
            && CryptographicOperations.FixedTimeEquals(SealOf(prefix, key, text), bytes.AsSpan(FingerprintLength, SealLength))
            ? new PinnedJob(provider, key, parts[1], parts[2])
            : null;
    }

    private static KeyModel? KeyOf(ReadOnlySpan<byte> fingerprint, ProviderModel provider, KeyModel? directKey)
    {
        if (directKey is not null && directKey.Fingerprint.Span.SequenceEqual(fingerprint))
        {
            return directKey;
        }

        foreach (var key in provider.Keys)
        {
            if (key.Fingerprint.Span.SequenceEqual(fingerprint))
            {
                return key;
            }
        }

        return null;
    }

    private static ReadOnlySpan<byte> SealOf(string prefix, KeyModel key, ReadOnlySpan<byte> text)
    {
        Span<byte> secret = stackalloc byte[32];
        SHA256.HashData(Encoding.UTF8.GetBytes($"bifrost id {prefix}\n{key.Value.Reveal()}"), secret);
        return HMACSHA256.HashData(secret, text).AsSpan(0, SealLength);
    }
}
