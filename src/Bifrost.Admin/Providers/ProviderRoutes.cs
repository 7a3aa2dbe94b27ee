using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Config;
using Bifrost.Admin.Governance;
using Bifrost.Admin.Http;
using Bifrost.Configuration.Settings;

namespace Bifrost.Admin.Providers;

/// <summary>Providers as configured. Keys and passwords are shown masked; sent back masked, they stay as they are.</summary>
internal sealed class ProviderRoutes(GatewaySettings settings)
{
    public const string Group = "Providers and keys";

    private const string Collection = "/api/providers";
    private const string One = Collection + "/{provider}";

    private static readonly Shape Provider = Shape.Free(
        "Provider",
        "The published provider object: keys, network_config, custom_provider_config and so on, as in config.json; to make one, with its name in `provider`."
    );

    public IEnumerable<Route> All() =>
        [
            new("GET", Collection, "Lists the configured providers.", ListAsync) { Group = Group, Answer = "`providers` and `total`." },
            new("POST", Collection, "Configures another provider.", CreateAsync)
            {
                Group = Group,
                Body = Provider,
                Status = 201,
                Answer = "The provider.",
                Refusals = [400, 409, 413, 415, 503],
            },
            new("GET", One, "Reads a provider.", ReadAsync)
            {
                Group = Group,
                Answer = "The provider. The `ETag` header is its version.",
                Refusals = [404],
            },
            Change("PUT", "Changes a provider, or configures it when there is none: what is left out stays, null takes away."),
            Change("PATCH", "Changes a provider: what is left out stays, null takes away."),
            new("DELETE", One, "Takes a provider away, with its keys.", RemoveAsync)
            {
                Group = Group,
                Answer = "A message.",
                Refusals = [404, 409, 412, 503],
                Versioned = true,
            },
        ];

    public static JsonObject View(ProviderView provider)
    {
        var view = provider.Whole();
        view["provider_status"] = provider.Trouble is null ? "active" : "error";
        view["description"] = provider.Trouble;
        view["origin"] = provider.Origin.ToString().ToLowerInvariant();
        return view;
    }

    private Route Change(string method, string summary) =>
        new(method, One, summary, ChangeAsync)
        {
            Group = Group,
            Body = Provider,
            Answer = "The provider as it is now.",
            Refusals = [400, 404, 412, 413, 415, 503],
            Versioned = true,
        };

    private Task<Reply> ListAsync(Call call)
    {
        var all = settings.Providers.OrderBy(p => p.Name, StringComparer.Ordinal).Select(View).ToList();
        return Task.FromResult(Reply.Ok(new JsonObject { ["providers"] = new JsonArray([.. all]), ["total"] = all.Count }));
    }

    private Task<Reply> ReadAsync(Call call) => Task.FromResult(Answer(call["provider"], 200));

    private async Task<Reply> CreateAsync(Call call)
    {
        if (NameIn(call.Body.Root) is not { } name)
        {
            return Reply.Bad("provider", "is missing. Write the provider's name.");
        }

        return Edits.Answer(await settings.CreateProviderAsync(name, call.Body.Root, call.Cancel), () => Answer(name, 201));
    }

    private async Task<Reply> ChangeAsync(Call call)
    {
        var name = call["provider"];
        if (IsStale(call, name))
        {
            return Stale(name);
        }

        var makes = HttpMethods.IsPut(call.Http.Request.Method) && settings.Find(name) is null && call.IfMatch is null;
        var outcome = makes
            ? await settings.CreateProviderAsync(name, call.Body.Root, call.Cancel)
            : await settings.PatchProviderAsync(name, call.Body.Root, call.Cancel);
        return Edits.Answer(outcome, () => Answer(name, makes ? 201 : 200));
    }

    private async Task<Reply> RemoveAsync(Call call)
    {
        var name = call["provider"];
        return IsStale(call, name)
            ? Stale(name)
            : Edits.Answer(
                await settings.DeleteProviderAsync(name, call.Cancel),
                () => Reply.Ok(new JsonObject { ["message"] = "The provider is gone." })
            );
    }

    private bool IsStale(Call call, string name) =>
        call.IfMatch is { } seen && settings.Find(name) is { } provider && seen != EditDesk.VersionOf(View(provider));

    private Reply Answer(string name, int status) =>
        settings.Find(name) is { } provider
            ? new Reply(status, View(provider)) { Version = EditDesk.VersionOf(View(provider)) }
            : Reply.NotFound("provider", name);

    private static Reply Stale(string name) =>
        Reply.Refused(412, $"Somebody has changed the provider {Shown.Quoted(name)} since you read it. Read it again, then change that.");

    private static string? NameIn(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var member in (ReadOnlySpan<string>)["provider", "name"])
        {
            if (
                body.TryGetProperty(member, out var name)
                && name.ValueKind == JsonValueKind.String
                && name.GetString() is { Length: > 0 } text
            )
            {
                return text;
            }
        }

        return null;
    }
}
