using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Governance;
using Bifrost.Admin.Http;
using Bifrost.Admin.Sessions;
using Bifrost.Configuration.Settings;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Config;

/// <summary>How the gateway treats its callers, the administrator's account, and the proxy for everything that goes out.</summary>
/// <param name="settings">Where they are kept and in force.</param>
/// <param name="registry">Who may call and spend, for the file that has everything.</param>
/// <param name="sessions">Ended when the account changes.</param>
/// <param name="isLogged">Whether requests are logged to a store.</param>
internal sealed class ConfigRoutes(GatewaySettings settings, GovernanceRegistry registry, SessionBook sessions, bool isLogged)
{
    private const string Group = "Configuration";

    private static readonly Shape Config = new(
        "Config",
        [
            new("client_config", FieldKind.Json, "Fields of the `client` section of config.json."),
            new(
                "auth_config",
                FieldKind.Json,
                "admin_username, admin_password, is_enabled, disable_auth_on_inference. Every change ends all sessions."
            ),
        ]
    );

    private static readonly Shape File = Shape.Free("ConfigFile", "A config.json, whole or in part.");

    private static readonly Shape Proxy = Shape.Free(
        "Proxy",
        "The published proxy object: enabled, type, url, username, password, no_proxy, timeout and so on."
    );

    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/config", "Reads how the gateway is set; passwords are not shown.", ReadAsync)
            {
                Group = Group,
                Query = [new("from_db", "Accepted and without effect: what is kept and what is in force are one.", FieldKind.Flag)],
                Answer = "`client_config`, `auth_config`, `proxy_config` and what is connected.",
            },
            Change("PUT"),
            Change("PATCH"),
            new("GET", "/api/config/export", "Everything that is set, as a config.json that sets it again.", ExportAsync)
            {
                Group = Group,
                Answer =
                    "A config.json without secrets: `<redacted>` stands in their place, or the reference to the environment. Virtual keys have no "
                    + "value in it. The proxy is no part of the file.",
            },
            new(
                "POST",
                "/api/config/import",
                "Takes `client`, `providers` and `auth_config` of a config.json: all of it, or nothing.",
                ImportAsync
            )
            {
                Group = Group,
                Body = File,
                Answer =
                    "`status` and a message, and `warnings` about parts that are not taken. What the file does not mention stays; a provider's keys become "
                    + "those of the file. `<redacted>` stays what it is here. Another account ends all sessions.",
                Refusals = [400, 413, 415, 503],
            },
            new("GET", "/api/proxy-config", "Reads the proxy for everything that goes out.", ReadProxyAsync)
            {
                Group = Group,
                Answer = "The proxy object, without its password.",
            },
            ChangeProxy("PUT"),
            ChangeProxy("PATCH"),
        ];

    private Route Change(string method) =>
        new(method, "/api/config", "Changes settings: what is left out stays, null goes back to the default.", ChangeAsync)
        {
            Group = Group,
            Body = Config,
            Answer = "`status` and a message.",
            Refusals = [400, 412, 413, 415, 503],
            Versioned = true,
        };

    private Route ChangeProxy(string method) =>
        new(method, "/api/proxy-config", "Changes the proxy: what is left out stays, null takes away.", ChangeProxyAsync)
        {
            Group = Group,
            Body = Proxy,
            Answer = "The proxy object as it is now.",
            Refusals = [400, 412, 413, 415, 503],
            Versioned = true,
        };

    private Task<Reply> ReadAsync(Call call)
    {
        var body = Document();
        var version = EditDesk.VersionOf(body);
        body["is_db_connected"] = settings.AreKept;
        body["is_cache_connected"] = false;
        body["is_logs_connected"] = isLogged;
        body["restart_required"] = new JsonObject { ["required"] = false, ["reason"] = "" };
        return Task.FromResult(Reply.Ok(body, version));
    }

    private Task<Reply> ExportAsync(Call call) => Task.FromResult(Reply.Ok(settings.Export(registry.Now)));

    private async Task<Reply> ChangeAsync(Call call)
    {
        if (call.IfMatch is { } seen && seen != EditDesk.VersionOf(Document()))
        {
            return Stale();
        }

        var auth = call.Body.Json("auth_config");
        var before = settings.Auth;
        var outcome = await settings.PatchConfigAsync(call.Body.Json("client_config").Value, auth.Value, call.Cancel);
        if (outcome.IsDone && auth.IsGiven && settings.Auth != before)
        {
            await sessions.EndAllAsync(call.Cancel);
        }

        return Edits.Answer(outcome, () => Reply.Ok(new JsonObject { ["status"] = "success", ["message"] = "The settings were updated." }));
    }

    private async Task<Reply> ImportAsync(Call call)
    {
        var before = settings.Auth;
        var outcome = await settings.ImportAsync(call.Body.Root, call.Cancel);
        if (outcome.IsDone && settings.Auth != before)
        {
            await sessions.EndAllAsync(call.Cancel);
        }

        return Edits.Answer(outcome, () => Reply.Ok(new JsonObject { ["status"] = "success", ["message"] = "The file was taken." }));
    }

    private Task<Reply> ReadProxyAsync(Call call)
    {
        var document = settings.ProxyDocument();
        return Task.FromResult(Reply.Ok(document, EditDesk.VersionOf(document)));
    }

    private async Task<Reply> ChangeProxyAsync(Call call)
    {
        if (call.IfMatch is { } seen && seen != EditDesk.VersionOf(settings.ProxyDocument()))
        {
            return Stale();
        }

        return Edits.Answer(await settings.PatchProxyAsync(call.Body.Root, call.Cancel), () => Reply.Ok(settings.ProxyDocument()));
    }

    private JsonObject Document() =>
        new()
        {
            ["client_config"] = settings.ClientDocument(),
            ["auth_config"] = settings.AuthDocument(),
            ["proxy_config"] = settings.ProxyDocument(),
        };

    private static Reply Stale() => Reply.Refused(412, "Somebody has changed this since you read it. Read it again, then change that.");
}
