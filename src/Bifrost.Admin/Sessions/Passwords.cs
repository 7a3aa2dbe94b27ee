using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bifrost.Configuration.Settings;
using Konscious.Security.Cryptography;

namespace Bifrost.Admin.Sessions;

/// <summary>Hashes and checks passwords with Argon2id, logins one at a time and off the request's thread: each takes 19 MiB, and they must not be able to take
/// all there is. The parameters are OWASP's first choice (cheatsheetseries.owasp.org, Password Storage: 19 MiB, 2 passes, 1 lane). Thread-safe.</summary>
public sealed class Passwords : IPasswordHasher, IDisposable
{
    /// <summary>Characters at most; more is no safer and takes time.</summary>
    public const int Longest = 256;

    private const int Memory = 19_456;
    private const int Passes = 2;
    private const int Lanes = 1;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>Waiting at once; whoever comes later is told to try again.</summary>
    private const int Waiting = 16;

    private static readonly string Decoy = Write(Memory, Passes, Lanes, new byte[SaltBytes], new byte[HashBytes]);

    private readonly SemaphoreSlim _turn = new(1);
    private int _waiting;

    /// <summary>In the PHC format: <c>$argon2id$v=19$m=…,t=…,p=…$salt$hash</c>. Takes some tens of milliseconds of the caller's thread.</summary>
    public string Hash(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Write(Memory, Passes, Lanes, salt, Derive(password, salt, Memory, Passes, Lanes));
    }

    /// <inheritdoc/>
    public bool Verify(string password, string hash)
    {
        if (!TryRead(hash, out var parts) || password.Length > Longest)
        {
            return false;
        }

        var derived = Derive(password, parts.Salt, parts.Memory, parts.Passes, parts.Lanes);
        return CryptographicOperations.FixedTimeEquals(derived, parts.Hash);
    }

    /// <summary>Null: too many wait already. A missing hash takes as long as a wrong password.</summary>
    /// <param name="password">As typed.</param>
    /// <param name="hash">From <see cref="Hash"/>, or null when there is no such account.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task<bool?> CheckAsync(string password, string? hash, CancellationToken cancel)
    {
        if (Interlocked.Increment(ref _waiting) > Waiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            await _turn.WaitAsync(cancel);
            try
            {
                return await Task.Run(() => Verify(password, hash ?? Decoy), CancellationToken.None) && hash is not null;
            }
            finally
            {
                _turn.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>Text of the form that <see cref="Hash"/> writes.</summary>
    public static bool IsHash(string text) => TryRead(text, out _);

    public void Dispose() => _turn.Dispose();

    private static byte[] Derive(string password, byte[] salt, int memory, int passes, int lanes)
    {
        using var argon = new Argon2id(Encoding.UTF8.GetBytes(password))
        {
            Salt = salt,
            MemorySize = memory,
            Iterations = passes,
            DegreeOfParallelism = lanes,
        };
        return argon.GetBytes(HashBytes);
    }

    private static string Write(int memory, int passes, int lanes, byte[] salt, byte[] hash) =>
        string.Create(CultureInfo.InvariantCulture, $"$argon2id$v=19$m={memory},t={passes},p={lanes}${Plain(salt)}${Plain(hash)}");

    private static string Plain(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=');

    private static bool TryRead(string text, out (int Memory, int Passes, int Lanes, byte[] Salt, byte[] Hash) parts)
    {
        parts = default;
        var fields = text.Split('$');
        if (fields.Length != 6 || fields[0].Length != 0 || fields[1] != "argon2id" || fields[2] != "v=19")
        {
            return false;
        }

        var costs = fields[3].Split(',');
        if (
            costs.Length == 3
            && Cost(costs[0], "m=", 1 << 21) is { } memory
            && Cost(costs[1], "t=", 64) is { } passes
            && Cost(costs[2], "p=", 64) is { } lanes
            && Bytes(fields[4]) is { Length: >= 8 } salt
            && Bytes(fields[5]) is { Length: HashBytes } hash
        )
        {
            parts = (memory, passes, lanes, salt, hash);
            return true;
        }

        return false;
    }

    private static int? Cost(string text, string name, int most) =>
        text.StartsWith(name, StringComparison.Ordinal)
        && int.TryParse(text.AsSpan(name.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var value)
        && value > 0
        && value <= most
            ? value
            : null;

    private static byte[]? Bytes(string text)
    {
        var bytes = new byte[text.Length];
        var padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out var count) ? bytes[..count] : null;
    }
}
