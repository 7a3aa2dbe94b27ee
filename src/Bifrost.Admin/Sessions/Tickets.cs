using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Bifrost.Governance.Stores;

namespace Bifrost.Admin.Sessions;

/// <summary>Tickets that stand for a session for half a minute, where a cookie cannot be sent: when a browser opens a WebSocket. Sealed with the store's key, so every
/// gateway of a group can check what another has issued, and nothing is remembered.</summary>
internal sealed class Tickets(ISecretBox box, SessionBook sessions, TimeProvider clock)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(30);

    private const string Purpose = "ws-ticket";

    public string Issue(string sessionId)
    {
        var until = (clock.GetUtcNow() + Lifetime).ToUnixTimeMilliseconds();
        var text = string.Create(CultureInfo.InvariantCulture, $"{Purpose}|{until}|{sessionId}");
        return Base64Url.EncodeToString(Encoding.UTF8.GetBytes(box.Seal(text)));
    }

    /// <summary>The id of the session, if it is still open and the ticket was issued by us, less than half a minute ago; else null.</summary>
    public string? SessionOf(string ticket) =>
        Open(ticket)?.Split('|') is [Purpose, var until, var session]
        && long.TryParse(until, NumberStyles.None, CultureInfo.InvariantCulture, out var end)
        && end > clock.GetUtcNow().ToUnixTimeMilliseconds()
        && sessions.IsOpen(session)
            ? session
            : null;

    private string? Open(string ticket)
    {
        if (ticket.Length > 2000 || !Base64Url.IsValid(ticket))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(ticket));
        try
        {
            // What is not sealed comes back as it is, and is not ours.
            return text.StartsWith("sealed:", StringComparison.Ordinal) ? box.Open(text) : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
