using System.Collections.Frozen;
using System.Security.Cryptography;
using Bifrost.Governance.Stores;

namespace Bifrost.Storage.Sealing;

/// <summary>Seals with one key, opens with that and those of before.</summary>
internal sealed class SecretBox(string current, FrozenDictionary<string, byte[]> keys) : ISecretBox
{
    public string Current => current;

    public string Seal(string secret) => SealedText.Seal(secret, current, keys[current]);

    public string Open(string text)
    {
        if (!text.StartsWith(SealedText.Mark, StringComparison.Ordinal))
        {
            return text;
        }

        if (!SealedText.TryKeyId(text, out var id))
        {
            throw new CryptographicException("A sealed value is of a kind that this version does not know.");
        }

        return keys.TryGetValue(id, out var key)
            ? SealedText.Open(text, key)
            : throw new CryptographicException(
                $"A value was sealed with the key {id}, and none of ours is that one. Set {SealingSettings.PreviousVariable} to the passphrase it was sealed with."
            );
    }
}
