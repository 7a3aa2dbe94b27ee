using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bifrost.Providers.Replicate;

/// <summary>Checks the signature of a webhook (https://replicate.com/docs/topics/webhooks/verify-webhook).</summary>
internal static class WebhookSignature
{
    /// <summary>Older or newer deliveries are refused, so that a recorded one cannot be played back later.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>Whether a delivery was made just now.</summary>
    public static bool IsRecent(string timestamp, DateTimeOffset now) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(now.ToUnixTimeSeconds() - (decimal)seconds) <= (decimal)Tolerance.TotalSeconds;

    /// <param name="secret"><c>whsec_</c> and base64.</param>
    /// <param name="id">Header <c>webhook-id</c>.</param>
    /// <param name="timestamp">Header <c>webhook-timestamp</c>, as it was written.</param>
    /// <param name="signatures">Header <c>webhook-signature</c>: entries <c>v1,base64</c> with spaces between. Other versions are passed over.</param>
    /// <param name="body">The raw body.</param>
    public static bool IsRight(string secret, string id, string timestamp, string signatures, ReadOnlySpan<byte> body)
    {
        if (KeyOf(secret) is not { } key)
        {
            return false;
        }

        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        Span<byte> wanted = stackalloc byte[32];
        hmac.GetHashAndReset(wanted);
        Span<byte> given = stackalloc byte[32];
        var right = false;
        foreach (var entry in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            right |=
                entry.StartsWith("v1,", StringComparison.Ordinal)
                && Convert.TryFromBase64Chars(entry.AsSpan(3), given, out var length)
                && length == given.Length
                && CryptographicOperations.FixedTimeEquals(given, wanted);
        }

        return right;
    }

    private static byte[]? KeyOf(string secret)
    {
        var encoded = secret.AsSpan(secret.IndexOf('_', StringComparison.Ordinal) + 1);
        var key = new byte[encoded.Length];
        return Convert.TryFromBase64Chars(encoded, key, out var length) && length > 0 ? key[..length] : null;
    }
}
