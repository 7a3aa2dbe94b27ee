using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Bifrost.Simulator;

/// <summary>Signs webhooks: HMAC-SHA256 over id, timestamp and body with the key behind the first underscore of the secret.</summary>
public static class WebhookSignature
{
    /// <summary>The value of <c>webhook-signature</c>: <c>v1,</c> and base64.</summary>
    public static string Sign(string secret, string id, long timestamp, ReadOnlySpan<byte> body)
    {
        var key = Convert.FromBase64String(secret[(secret.IndexOf('_', StringComparison.Ordinal) + 1)..]);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{timestamp}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }
}
