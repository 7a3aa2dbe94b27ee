using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Configuration.Settings;

namespace Bifrost.Admin.Sessions;

/// <summary>Signing in and out.</summary>
internal sealed class SessionRoutes(GatewaySettings settings, SessionBook sessions, SignIn signIn, Tickets? tickets)
{
    private const string Group = "Session";

    private static readonly Shape Login = new(
        "Login",
        [
            new("username", FieldKind.Text, "The administrator's name.") { Required = true, Longest = 255 },
            new("password", FieldKind.Text, "The administrator's password.")
            {
                Required = true,
                Longest = Passwords.Longest,
                Secret = true,
            },
        ]
    );

    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/session/is-auth-enabled", "Whether the management API asks for a login, and whether you have one.", StateAsync)
            {
                Group = Group,
                Guard = Guard.Open,
                Answer = "`is_auth_enabled` and `has_valid_token`.",
            },
            new("POST", "/api/session/login", "Signs in: sets the cookie `token` for 30 days.", LoginAsync)
            {
                Group = Group,
                Guard = Guard.Open,
                Body = Login,
                Answer = "A message, and the cookie.",
                Refusals = [400, 401, 403, 413, 415, 429],
            },
            new("POST", "/api/session/logout", "Signs out: the session ends and the cookie goes.", LogoutAsync)
            {
                Group = Group,
                Answer = "A message.",
            },
            new("POST", "/api/session/ws-ticket", "A ticket that stands for the session for 30 s, to open a WebSocket with.", TicketAsync)
            {
                Group = Group,
                Answer = "`ticket`.",
                Refusals = [400],
            },
        ];

    private Task<Reply> StateAsync(Call call) =>
        Task.FromResult(
            Reply.Ok(
                new JsonObject
                {
                    ["is_auth_enabled"] = settings.Auth.IsEnabled,
                    ["has_valid_token"] = settings.Auth.IsEnabled && call.Identity.SessionId is not null,
                }
            )
        );

    private async Task<Reply> LoginAsync(Call call)
    {
        if (!settings.Auth.IsEnabled)
        {
            return Reply.Refused(403, "No administrator's account is set, so there is nothing to sign in to.");
        }

        var (user, password) = (call.Body.Text("username").Value!, call.Body.Text("password").Value!);
        if (await signIn.CheckAsync(call.Http.Connection.RemoteIpAddress, user, password, call.Cancel) is { } refusal)
        {
            return refusal;
        }

        SetCookie(call.Http, await sessions.BeginAsync(call.Cancel), SessionBook.Lifetime);
        return Reply.Ok(new JsonObject { ["message"] = "Signed in." });
    }

    private async Task<Reply> LogoutAsync(Call call)
    {
        if (call.Identity.SessionId is { } id)
        {
            await sessions.EndAsync(id, call.Cancel);
        }

        SetCookie(call.Http, "", TimeSpan.Zero);
        return Reply.Ok(new JsonObject { ["message"] = "Signed out." });
    }

    private Task<Reply> TicketAsync(Call call) =>
        Task.FromResult(
            call.Identity.SessionId is { } id && tickets is not null
                ? Reply.Ok(new JsonObject { ["ticket"] = tickets.Issue(id) })
                : Reply.Refused(400, "A ticket stands for a session, and you are here without one. Sign in at /api/session/login.")
        );

    private static void SetCookie(HttpContext http, string value, TimeSpan age) =>
        http.Response.Cookies.Append(
            Gate.Cookie,
            value,
            new CookieOptions
            {
                HttpOnly = true,
                SameSite = SameSiteMode.Lax,
                Path = "/",
                MaxAge = age,
                Secure = SecurityHeaders.IsSecure(http.Request),
            }
        );
}
