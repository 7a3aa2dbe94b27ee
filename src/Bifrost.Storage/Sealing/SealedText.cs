using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Bifrost.Storage.Sealing;

/// <summary>
/// <c>sealed:v1:KEYID:…</c>: AES-256-GCM, the rest being nonce, ciphertext and tag in base64url, whose letters no JSON writer escapes. What stands before the
/// rest is authenticated with it. The place where the value is kept is not: documents are renamed and copied, and who can write to the database could lead
/// a secret astray without moving it, by changing an address.
/// </summary>
internal static class SealedText
{
    public const string Mark = "sealed:";

    private const string Version = "sealed:v1:";
    private const int Nonce = 12;
    private const int Tag = 16;

    public static string Seal(string secret, string keyId, ReadOnlySpan<byte> key)
    {
        var head = $"{Version}{keyId}";
        var clear = Encoding.UTF8.GetBytes(secret);
        var box = new byte[Nonce + clear.Length + Tag];
        RandomNumberGenerator.Fill(box.AsSpan(0, Nonce));
        using var cipher = new AesGcm(key, Tag);
        cipher.Encrypt(
            box.AsSpan(0, Nonce),
            clear,
            box.AsSpan(Nonce, clear.Length),
            box.AsSpan(Nonce + clear.Length),
            Encoding.ASCII.GetBytes(head)
        );
        CryptographicOperations.ZeroMemory(clear);
        return $"{head}:{Base64Url.EncodeToString(box)}";
    }

    /// <exception cref="CryptographicException">The key is another one, or the text is not what it was.</exception>
    public static string Open(string text, ReadOnlySpan<byte> key)
    {
        var end = text.LastIndexOf(':');
        byte[] box;
        try
        {
            box = Base64Url.DecodeFromChars(text.AsSpan(end + 1));
        }
        catch (FormatException problem)
        {
            throw new CryptographicException("A sealed value was damaged.", problem);
        }

        if (box.Length < Nonce + Tag)
        {
            throw new CryptographicException("A sealed value was cut short.");
        }

        var clear = new byte[box.Length - Nonce - Tag];
        using var cipher = new AesGcm(key, Tag);
        cipher.Decrypt(
            box.AsSpan(0, Nonce),
            box.AsSpan(Nonce, clear.Length),
            box.AsSpan(Nonce + clear.Length),
            clear,
            Encoding.UTF8.GetBytes(text[..end])
        );
        var secret = Encoding.UTF8.GetString(clear);
        CryptographicOperations.ZeroMemory(clear);
        return secret;
    }

    /// <summary>The id of the key that a text says it was sealed with.</summary>
    public static bool TryKeyId(string text, [NotNullWhen(true)] out string? id)
    {
        var end = text.StartsWith(Version, StringComparison.Ordinal) ? text.IndexOf(':', Version.Length) : -1;
        id = end > Version.Length ? text[Version.Length..end] : null;
        return id is not null;
    }
}
