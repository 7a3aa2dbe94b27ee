using System.Security.Cryptography;
using System.Text;
using Bifrost.Governance.Stores;

namespace Bifrost.Admin.Tests;

/// <summary>Seals for real, with a key of its own.</summary>
internal sealed class ABox : ISecretBox
{
    private const string Mark = "sealed:";
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);

    public string Seal(string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var nonce = RandomNumberGenerator.GetBytes(12);
        var tag = new byte[16];
        var cipher = new byte[plain.Length];
        using var aes = new AesGcm(_key, tag.Length);
        aes.Encrypt(nonce, plain, cipher, tag);
        return Mark + Convert.ToBase64String([.. nonce, .. tag, .. cipher]);
    }

    public string Open(string text)
    {
        if (!text.StartsWith(Mark, StringComparison.Ordinal))
        {
            return text;
        }

        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text[Mark.Length..], bytes, out var count) || count < 28)
        {
            throw new CryptographicException("This was not sealed here.");
        }

        bytes = bytes[..count];
        var plain = new byte[bytes.Length - 28];
        using var aes = new AesGcm(_key, 16);
        aes.Decrypt(bytes.AsSpan(0, 12), bytes.AsSpan(28), bytes.AsSpan(12, 16), plain);
        return Encoding.UTF8.GetString(plain);
    }
}
