using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Testing;
using Bifrost.Testing.Governed;

namespace Bifrost.EndToEnd.Tests.Observability;

/// <summary>An administrator at work, whose every answer is kept.</summary>
internal sealed class Manager
{
    private readonly GovernedGateway _gateway;
    private readonly Remains _remains;

    private Manager(GovernedGateway gateway, Remains remains, string session) =>
        (_gateway, _remains, Session) = (gateway, remains, session);

    /// <summary>Its token.</summary>
    public string Session { get; }

    public static async Task<Manager> SignInAsync(GovernedGateway gateway, Remains remains)
    {
        var set = await gateway.Api.SendAsync(
            "PUT",
            "/api/config",
            $$"""{"auth_config": {"admin_username": "admin", "admin_password": "{{Plant.AdminPassword.Text}}", "is_enabled": true} }"""
        );
        set.MustBe(200);
        remains.Add("PUT /api/config", set.Text);
        var wrong = await gateway.Api.SendAsync("POST", "/api/session/login", Login(Plant.WrongPassword.Text));
        wrong.MustBe(401);
        remains.Add("POST /api/session/login", wrong.Text);
        var right = await gateway.Api.SendAsync("POST", "/api/session/login", Login(Plant.AdminPassword.Text));
        right.MustBe(200);
        return new Manager(gateway, remains, right.Headers["Set-Cookie"].Split(';')[0]["token=".Length..]);
    }

    public async Task<AnAnswer> DoAsync(int status, string method, string path, string? json = null, bool keeps = true)
    {
        var answer = await _gateway.Api.SendAsync(method, path, json, ("Authorization", $"Bearer {Session}"));
        Assert.True(answer.Status == status, $"{method} {path}: {answer.Status} {answer.Text}");
        if (keeps)
        {
            _remains.Add($"{method} {path}", answer.Text);
        }

        return answer;
    }

    /// <summary>A key to call with, what it was before it was changed, and further keys. What is shown once, when a key is made, is not kept.</summary>
    public async Task<(string Key, string Before, IReadOnlyList<string> More)> KeysAsync()
    {
        const string Keys = "/api/governance/virtual-keys";
        var made = (await DoAsync(201, "POST", Keys, """{"name": "visiblekeyname"}""", keeps: false)).Thing;
        var before = (string)made["value"]!;
        var rotated = (await DoAsync(200, "POST", $"{Keys}/{made["id"]}/rotate", "{}", keeps: false)).Text;
        var after = System.Text.RegularExpressions.Regex.Match(rotated, "sk-bf-[0-9a-zA-Z-]{36}").Value;
        Assert.NotEqual(before, after);
        var more = (string)(await DoAsync(201, "POST", Keys, """{"name": "another"}""", keeps: false)).Thing["value"]!;
        return (after, before, [more[6..]]);
    }

    /// <summary>Bodies with mistakes: the answers name them and quote no secret.</summary>
    public async Task RefusedAsync()
    {
        var bad = $$"""{"provider": "planted2", "keys": [{"name": "k", "value": "{{Plant.BadKey.Text}} with a space", "wieght": 1}]}""";
        await DoAsync(400, "POST", "/api/providers", bad);
        await DoAsync(400, "PUT", "/api/providers/planted", $$"""{"keys": [{"name": "k", "value": ["{{Plant.BadKey.Text}}"]}]}""");
        await DoAsync(400, "PUT", "/api/config", $$"""{"auth_config": {"admin_password": {"{{Plant.AdminPassword.Text}}": 1} } }""");
    }

    /// <summary>Every answer there is to be had, by the API's own description of itself.</summary>
    /// <param name="asked">Requests that the log must know.</param>
    public async Task ReadAllAsync(int asked)
    {
        var document = (await DoAsync(200, "GET", "/api/openapi.json")).Json;
        JsonArray rows = [];
        await Eventually.IsTrueAsync(async () =>
        {
            rows = (await DoAsync(200, "GET", "/api/logs?limit=1000")).Json["logs"]!.AsArray();
            return rows.Count >= asked;
        });
        foreach (var row in rows)
        {
            await DoAsync(200, "GET", $"/api/logs/{Uri.EscapeDataString((string)row!["id"]!)}?payload=true");
        }

        foreach (var (path, operations) in document["paths"]!.AsObject())
        {
            if (operations!["get"] is null)
            {
                continue;
            }

            var read = path.Replace("{provider}", "planted", StringComparison.Ordinal).Replace("{id}", "none", StringComparison.Ordinal);
            var (status, text) = await ReadAsync(read);
            _remains.Add($"GET {read}", text);
            Assert.True(status < 500, $"{read}: {status} {text}");
        }
    }

    /// <summary>What a route says; of one that never ends, what it says at first.</summary>
    private async Task<(int Status, string Text)> ReadAsync(string path)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_gateway.Address, path));
        request.Headers.Authorization = new("Bearer", Session);
        using var answer = await _gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        using var said = new MemoryStream();
        if (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            patience.CancelAfter(TimeSpan.FromMilliseconds(300));
        }

        try
        {
            await answer.Content.CopyToAsync(said, patience.Token);
        }
        catch (OperationCanceledException) when (answer.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            // It would go on for ever.
        }

        return ((int)answer.StatusCode, Encoding.UTF8.GetString(said.ToArray()));
    }

    private static string Login(string password) => new JsonObject { ["username"] = "admin", ["password"] = password }.ToJsonString();
}
