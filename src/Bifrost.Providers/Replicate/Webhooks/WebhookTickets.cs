using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Bifrost.Core.World;

namespace Bifrost.Providers.Replicate;

/// <summary>What our webhook addresses carry: which account they were given to, and a proof that it was us who made them. With it, strangers
/// cannot make us ask for secrets. Lasts as long as the process, as waiting does. Thread-safe.</summary>
internal sealed class WebhookTickets
{
    private const int NonceLength = 9;
    private const int SealLength = 15;

    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, (ProviderModel Provider, KeyModel Key)> _accounts = new(StringComparer.Ordinal);

    /// <summary>A query string without the question mark.</summary>
    public string Issue(ProviderModel provider, KeyModel key)
    {
        var account = $"{provider.Id}.{Convert.ToHexStringLower(key.Fingerprint.Span)}";
        _accounts[account] = (provider, key);
        var ticket = new byte[NonceLength + SealLength];
        RandomNumberGenerator.Fill(ticket.AsSpan(0, NonceLength));
        Seal(account, ticket.AsSpan(0, NonceLength)).CopyTo(ticket.AsSpan(NonceLength));
        return $"account={Uri.EscapeDataString(account)}&ticket={Base64Url.EncodeToString(ticket)}";
    }

    /// <summary>Null when the address is not one of ours.</summary>
    public (ProviderModel Provider, KeyModel Key)? Open(string? account, string? ticket)
    {
        if (account is null || ticket is not { Length: (NonceLength + SealLength) * 4 / 3 } || !Base64Url.IsValid(ticket))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(ticket);
        return
            _accounts.TryGetValue(account, out var found)
            && CryptographicOperations.FixedTimeEquals(Seal(account, bytes.AsSpan(0, NonceLength)), bytes.AsSpan(NonceLength))
            ? found
            : null;
    }

    private ReadOnlySpan<byte> Seal(string account, ReadOnlySpan<byte> nonce) =>
        HMACSHA256.HashData(_secret, (byte[])[.. nonce, .. Encoding.UTF8.GetBytes(account)]).AsSpan(0, SealLength);
}
