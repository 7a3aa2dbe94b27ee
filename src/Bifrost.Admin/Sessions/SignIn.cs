using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Bifrost.Admin.Http;
using Bifrost.Configuration.Settings;

namespace Bifrost.Admin.Sessions;

/// <summary>Checks user and password. Whoever is wrong learns neither which of the two was wrong nor anything from how long it took.</summary>
internal sealed class SignIn(GatewaySettings settings, Passwords passwords, LoginThrottle throttle)
{
    // Programs that send Basic credentials send them with every request; one check of a password is enough. Forgotten with the process.
    private readonly byte[] _secret = RandomNumberGenerator.GetBytes(32);
    private volatile byte[]? _lastGood;

    /// <summary>Another text after every change of user, password or switch.</summary>
    public string Credentials()
    {
        var auth = settings.Auth;
        var text = string.Create(CultureInfo.InvariantCulture, $"{auth.IsEnabled}\n{auth.Username}\n{auth.PasswordHash}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }

    /// <summary>Null: they are right. Otherwise 401, or 429 for who has to wait.</summary>
    public async Task<Reply?> CheckAsync(IPAddress? address, string user, string password, CancellationToken cancel)
    {
        var seen = Seen(user, password);
        if (_lastGood is { } good && CryptographicOperations.FixedTimeEquals(good, seen))
        {
            return null;
        }

        if (throttle.Wait(address, user) is { Ticks: > 0 } wait)
        {
            return TooMany(wait);
        }

        var auth = settings.Auth;
        var known = CryptographicOperations.FixedTimeEquals(Hash(user), Hash(auth.Username)) && auth.Username.Length > 0;
        if (await passwords.CheckAsync(password, known ? auth.PasswordHash : null, cancel) is not { } right)
        {
            return TooMany(TimeSpan.FromSeconds(1));
        }

        if (!right)
        {
            throttle.Failed(address, user);
            return Reply.Refused(401, "User or password is wrong.");
        }

        throttle.Succeeded(address, user);
        _lastGood = seen;
        return null;
    }

    private byte[] Seen(string user, string password) =>
        HMACSHA256.HashData(_secret, Encoding.UTF8.GetBytes($"{Credentials()}\n{user.Length}\n{user}\n{password}"));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));

    private static Reply TooMany(TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        return Reply.Refused(429, $"Too many attempts to sign in. Try again in {seconds} s.") with { RetryAfter = seconds };
    }
}
