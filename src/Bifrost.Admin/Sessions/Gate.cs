using System.Text;
using Bifrost.Admin.Http;
using Bifrost.Configuration.Settings;
using Bifrost.Governance.VirtualKeys;

namespace Bifrost.Admin.Sessions;

/// <summary>Decides who may use a route. Virtual keys open nothing but their own quota.</summary>
internal sealed class Gate(GatewaySettings settings, SessionBook sessions, SignIn signIn, Tickets? tickets)
{
    public const string Cookie = "token";

    private const string BearerPrefix = "Bearer ";
    private const string BasicPrefix = "Basic ";

    // In this order, as for inference.
    private static readonly string[] KeyHeaders = ["x-bf-vk", "Authorization", "x-api-key", "x-goog-api-key"];

    /// <summary>Who is asking, or why it may not.</summary>
    public async Task<(Identity Identity, Reply? Refusal)> AdmitAsync(HttpContext http, Guard guard, CancellationToken cancel)
    {
        switch (guard)
        {
            case Guard.Open:
                return (Known(http), null);
            case Guard.VirtualKey:
                return VirtualKeyOf(http.Request) is { } key
                    ? (Identity.Nobody with { VirtualKey = key }, null)
                    : (Identity.Nobody, Unauthorized("Show the virtual key in x-bf-vk, Authorization, x-api-key or x-goog-api-key."));
            case Guard.Ticket when settings.Auth.IsEnabled && http.Request.Query["ticket"].ToString() is { Length: > 0 } ticket:
                return Provenance.IsForeign(http.Request) ? (Identity.Nobody, Foreign())
                    : tickets?.SessionOf(ticket) is { } session ? (new Identity(Means.Ticket, session), null)
                    : (
                        Identity.Nobody,
                        Unauthorized("The ticket is older than 30 s, its session has ended, or it is none of this gateway's.")
                    );
        }

        var (identity, refusal) = settings.Auth.IsEnabled ? await SignedInAsync(http, cancel) : Local(http);
        return refusal is null && identity.Means is Means.Cookie or Means.ThisMachine && Provenance.IsForeign(http.Request)
                ? (Identity.Nobody, Foreign())
            : refusal is null && identity.Means == Means.Cookie && !IsSafe(http.Request.Method) && !Provenance.IsVouchedFor(http.Request)
                ? (
                    Identity.Nobody,
                    Reply.Refused(
                        403,
                        "With a cookie alone this could be another site's doing. Send the header X-Requested-With, or sign in with Authorization."
                    )
                )
            : (identity, refusal);
    }

    /// <summary>The signed-in session, without asking for passwords.</summary>
    private Identity Known(HttpContext http)
    {
        if (http.Request.Cookies[Cookie] is { Length: > 0 } token && sessions.Find(token) is { } id)
        {
            return new Identity(Means.Cookie, id);
        }

        return Authorization(http.Request, BearerPrefix) is { } bearer && sessions.Find(bearer) is { } session
            ? new Identity(Means.Bearer, session)
            : Identity.Nobody;
    }

    private async Task<(Identity Identity, Reply? Refusal)> SignedInAsync(HttpContext http, CancellationToken cancel)
    {
        if (Known(http) is { Means: not Means.None } known)
        {
            return (known, null);
        }

        if (Authorization(http.Request, BasicPrefix) is { } basic)
        {
            return Pair(basic) is { } pair
                ? await signIn.CheckAsync(http.Connection.RemoteIpAddress, pair.User, pair.Password, cancel) is { } refusal
                    ? (Identity.Nobody, refusal)
                    : (new Identity(Means.Basic), null)
                : (Identity.Nobody, Unauthorized("The Basic credentials cannot be read."));
        }

        return (
            Identity.Nobody,
            VirtualKeyOf(http.Request) is null
                ? Unauthorized("Sign in at /api/session/login, or send the session or user and password in Authorization.")
                : Reply.Refused(403, "A virtual key opens no management route except its own quota.")
        );
    }

    private static (Identity Identity, Reply? Refusal) Local(HttpContext http)
    {
        if (VirtualKeyOf(http.Request) is not null)
        {
            return (Identity.Nobody, Reply.Refused(403, "A virtual key opens no management route except its own quota."));
        }

        return Provenance.IsLocal(http)
            ? (new Identity(Means.ThisMachine), null)
            : (
                Identity.Nobody,
                Unauthorized(
                    "No administrator's account is set, so that only this machine may manage the gateway, at localhost and without a proxy."
                )
            );
    }

    /// <summary>The first header that holds one.</summary>
    private static string? VirtualKeyOf(HttpRequest request)
    {
        foreach (var name in KeyHeaders)
        {
            var value = request.Headers[name].ToString();
            value = value.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) ? value[BearerPrefix.Length..].Trim() : value;
            if (VirtualKeyValue.LooksLikeOne(value))
            {
                return value;
            }
        }

        return null;
    }

    private static string? Authorization(HttpRequest request, string scheme) =>
        request.Headers.Authorization.ToString() is var value && value.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? value[scheme.Length..].Trim()
            : null;

    private static (string User, string Password)? Pair(string basic)
    {
        var bytes = new byte[basic.Length];
        if (basic.Length > 2000 || !Convert.TryFromBase64String(basic, bytes, out var count))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, count);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static Reply Foreign() => Reply.Refused(403, "Another site's page may not use the management API.");

    private static Reply Unauthorized(string message) => Reply.Refused(401, message);
}
