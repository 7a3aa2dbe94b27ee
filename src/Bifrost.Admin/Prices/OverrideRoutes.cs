using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Config;
using Bifrost.Admin.Governance;
using Bifrost.Admin.Http;
using Bifrost.Configuration.Settings;

namespace Bifrost.Admin.Prices;

/// <summary>The operator's own prices.</summary>
internal sealed class OverrideRoutes(GatewaySettings settings)
{
    public const string Group = "Prices";

    private const string Collection = "/api/governance/pricing-overrides";
    private const string One = Collection + "/{id}";

    private static readonly Shape Override = Shape.Free(
        "PricingOverride",
        "Whose price (scope_kind, provider_id, provider_key_id, virtual_key_id), of which models (match_type, pattern), and `rates` in dollars per million tokens, or per picture, second or request."
    );

    public IEnumerable<Route> All() =>
        [
            new("GET", Collection, "Lists the operator's own prices.", ListAsync)
            {
                Group = Group,
                Answer = "`pricing_overrides` and `count`.",
            },
            new("POST", Collection, "Sets a price of one's own.", CreateAsync)
            {
                Group = Group,
                Body = Override,
                Status = 201,
                Answer = "`pricing_override`.",
                Refusals = [400, 409, 413, 415, 503],
            },
            new("GET", One, "Reads a price of one's own.", c => Task.FromResult(Answer(c["id"], 200)))
            {
                Group = Group,
                Answer = "`pricing_override`. The `ETag` header is its version.",
                Refusals = [404],
            },
            Change("PUT"),
            Change("PATCH"),
            new("DELETE", One, "Takes a price of one's own away: the catalogue's holds again.", RemoveAsync)
            {
                Group = Group,
                Answer = "A message.",
                Refusals = [404, 412, 503],
                Versioned = true,
            },
        ];

    private Route Change(string method) =>
        new(method, One, "Changes a price: what is left out stays, null takes away.", ChangeAsync)
        {
            Group = Group,
            Body = Override,
            Answer = "`pricing_override` as it is now.",
            Refusals = [400, 404, 412, 413, 415, 503],
            Versioned = true,
        };

    private Task<Reply> ListAsync(Call call)
    {
        var all = new JsonArray([.. settings.PriceOverrideList.Select(p => p.Document)]);
        return Task.FromResult(Reply.Ok(new JsonObject { ["count"] = all.Count, ["pricing_overrides"] = all }));
    }

    private async Task<Reply> CreateAsync(Call call)
    {
        var outcome = await settings.AddPriceOverrideAsync(call.Body.Root, call.Cancel);
        return Edits.Answer(outcome, () => Answer(outcome.Id!, 201));
    }

    private async Task<Reply> ChangeAsync(Call call) =>
        IsStale(call)
            ? Stale()
            : Edits.Answer(await settings.PatchPriceOverrideAsync(call["id"], call.Body.Root, call.Cancel), () => Answer(call["id"], 200));

    private async Task<Reply> RemoveAsync(Call call) =>
        IsStale(call)
            ? Stale()
            : Edits.Answer(
                await settings.DeletePriceOverrideAsync(call["id"], call.Cancel),
                () => Reply.Ok(new JsonObject { ["message"] = "The price is gone." })
            );

    private bool IsStale(Call call) =>
        call.IfMatch is { } seen && settings.FindPriceOverride(call["id"]) is { } price && seen != EditDesk.VersionOf(price.Document);

    private Reply Answer(string id, int status) =>
        settings.FindPriceOverride(id) is { } price
            ? new Reply(status, new JsonObject { ["pricing_override"] = price.Document }) { Version = EditDesk.VersionOf(price.Document) }
            : Reply.NotFound("price", id);

    private static Reply Stale() =>
        Reply.Refused(412, "Somebody has changed this price since you read it. Read it again, then change that.");
}
