using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Configuration.Settings;

namespace Bifrost.Admin.Sessions;

/// <summary>Sees to it that a gateway which others can reach is not open to them.</summary>
public static class AdminCredential
{
    private const string User = "admin";

    /// <summary>Call it once the settings are open and before the gateway listens. Sets an account when there is none and others could reach the gateway. One that
    /// the operator has switched off stays off: the management API then answers this machine only.</summary>
    /// <param name="settings">Where the account is kept.</param>
    /// <param name="host">The address to listen at, as given: <c>localhost</c>, an IP address, <c>*</c> or nothing.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>What to print, once; null: nothing was set. Settings that are not kept (<see cref="GatewaySettings.AreKept"/>) cannot take an account, and the
    /// management API then answers this machine only.</returns>
    public static async Task<GeneratedCredential?> EnsureAsync(GatewaySettings settings, string host, CancellationToken cancel)
    {
        if (settings.Auth.IsEnabled || settings.Auth.PasswordHash is not null || IsLoopback(host) || !settings.AreKept)
        {
            return null;
        }

        var password = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 24);
        var patch = new JsonObject
        {
            ["admin_username"] = User,
            ["admin_password"] = password,
            ["is_enabled"] = true,
        };
        using var document = JsonDocument.Parse(patch.ToJsonString());
        var outcome = await settings.PatchAuthAsync(document.RootElement, cancel);
        return outcome.IsDone
            ? new GeneratedCredential(User, password)
            : throw new InvalidOperationException(
                $"No administrator's account could be set: {outcome.Message ?? string.Join(" ", outcome.Mistakes.Select(m => m.ToString()))}"
            );
    }

    /// <summary>Nobody but this machine can connect there.</summary>
    public static bool IsLoopback(string host) =>
        host is "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}

/// <summary>An account that was just made. The password is known to nobody else and is not kept.</summary>
public sealed record GeneratedCredential(string User, string Password)
{
    /// <summary>Never the password.</summary>
    public override string ToString() => User;
}
