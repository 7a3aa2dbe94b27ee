using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Config;
using Bifrost.Admin.Governance;
using Bifrost.Admin.Http;
using Bifrost.Configuration.Settings;

namespace Bifrost.Admin.Providers;

/// <summary>Keys of providers: never shown in clear, kept when they are sent back as they were shown.</summary>
internal sealed class KeyRoutes(GatewaySettings settings)
{
    private const string Collection = "/api/providers/{provider}/keys";
    private const string One = Collection + "/{key_id}";

    private static readonly Shape Key = Shape.Free(
        "Key",
        "The published key object: name, value, models, weight, enabled and so on, as in config.json."
    );

    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/keys", "Lists the keys of all providers, masked.", EveryAsync)
            {
                Group = ProviderRoutes.Group,
                Answer = "A list of keys, each with its `provider`.",
            },
            new("GET", Collection, "Lists a provider's keys, masked.", ListAsync)
            {
                Group = ProviderRoutes.Group,
                Answer = "`keys` and `total`.",
                Refusals = [404],
            },
            new("POST", Collection, "Adds a key to a provider.", CreateAsync)
            {
                Group = ProviderRoutes.Group,
                Body = Key,
                Status = 201,
                Answer = "The key, masked.",
                Refusals = [400, 404, 409, 413, 415, 503],
            },
            new("GET", One, "Reads a key, masked.", ReadAsync)
            {
                Group = ProviderRoutes.Group,
                Answer = "The key. The `ETag` header is its version.",
                Refusals = [404],
            },
            Change("PUT"),
            Change("PATCH"),
            new("DELETE", One, "Takes a key away.", RemoveAsync)
            {
                Group = ProviderRoutes.Group,
                Answer = "A message.",
                Refusals = [404, 412, 503],
                Versioned = true,
            },
        ];

    private Route Change(string method) =>
        new(method, One, "Changes a key: what is left out stays, null takes away.", ChangeAsync)
        {
            Group = ProviderRoutes.Group,
            Body = Key,
            Answer = "The key as it is now, masked.",
            Refusals = [400, 404, 412, 413, 415, 503],
            Versioned = true,
        };

    private Task<Reply> EveryAsync(Call call)
    {
        var keys = settings.Keys.Select(k =>
        {
            k.Document["provider"] = k.Provider;
            return k.Document;
        });
        return Task.FromResult(Reply.Ok(new JsonArray([.. keys])));
    }

    private Task<Reply> ListAsync(Call call)
    {
        if (settings.Find(call["provider"]) is not { } provider)
        {
            return Task.FromResult(Reply.NotFound("provider", call["provider"]));
        }

        var keys = new JsonArray([.. provider.Keys.Select(k => k.Document)]);
        return Task.FromResult(Reply.Ok(new JsonObject { ["total"] = keys.Count, ["keys"] = keys }));
    }

    private Task<Reply> ReadAsync(Call call) => Task.FromResult(Answer(call["provider"], call["key_id"], 200));

    private async Task<Reply> CreateAsync(Call call)
    {
        var outcome = await settings.AddKeyAsync(call["provider"], call.Body.Root, call.Cancel);
        return Edits.Answer(outcome, () => Answer(call["provider"], outcome.Id!, 201));
    }

    private async Task<Reply> ChangeAsync(Call call) =>
        IsStale(call)
            ? Stale()
            : Edits.Answer(
                await settings.PatchKeyAsync(call["provider"], call["key_id"], call.Body.Root, call.Cancel),
                () => Answer(call["provider"], call["key_id"], 200)
            );

    private async Task<Reply> RemoveAsync(Call call) =>
        IsStale(call)
            ? Stale()
            : Edits.Answer(
                await settings.DeleteKeyAsync(call["provider"], call["key_id"], call.Cancel),
                () => Reply.Ok(new JsonObject { ["message"] = "The key is gone." })
            );

    private bool IsStale(Call call) =>
        call.IfMatch is { } seen
        && settings.FindKey(call["provider"], call["key_id"]) is { } key
        && seen != EditDesk.VersionOf(key.Document);

    private Reply Answer(string provider, string id, int status) =>
        settings.FindKey(provider, id) is { } key
            ? new Reply(status, key.Document) { Version = EditDesk.VersionOf(key.Document) }
            : Reply.NotFound("key", id);

    private static Reply Stale() => Reply.Refused(412, "Somebody has changed this key since you read it. Read it again, then change that.");
}
