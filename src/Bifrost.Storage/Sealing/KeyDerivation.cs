using System.Security.Cryptography;
using System.Text;
using Konscious.Security.Cryptography;

namespace Bifrost.Storage.Sealing;

/// <summary>Makes 256-bit keys of what the operator gave.</summary>
internal static class KeyDerivation
{
    /// <summary>For passphrases: what people choose has to be slow to guess. 19 MiB, two passes, one lane, the least that OWASP's Password Storage Cheat Sheet
    /// calls enough.</summary>
    public const string Passphrase = "argon2id:m=19456,t=2,p=1";

    /// <summary>For keys that were random from the beginning.</summary>
    public const string Random = "hkdf-sha256";

    public const int SaltLength = 16;

    private const int KeyLength = 32;

    public static async Task<byte[]> KeyAsync(string derivation, string secret, byte[] salt)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        switch (derivation)
        {
            case Random:
                return HKDF.DeriveKey(HashAlgorithmName.SHA256, bytes, KeyLength, salt, "bifrost sealing"u8.ToArray());
            case Passphrase:
                using (var argon = new Argon2id(bytes))
                {
                    argon.Salt = salt;
                    argon.MemorySize = 19456;
                    argon.Iterations = 2;
                    argon.DegreeOfParallelism = 1;
                    return await argon.GetBytesAsync(KeyLength);
                }

            default:
                throw new StoreOpenException(
                    $"The database's sealing key is derived by {derivation}, which this version of Bifrost does not know. Start a newer one."
                );
        }
    }
}
