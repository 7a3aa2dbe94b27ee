using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Governance.Ledger;
using Bifrost.Governance.Stores;

namespace Bifrost.Admin.Ledger;

/// <summary>Who spent what: the lines of the ledger, newest first.</summary>
internal sealed class LedgerRoutes(ILedgerStore store)
{
    private const int Most = 1000;

    public IEnumerable<Route> All() =>
        [
            new("GET", "/api/governance/ledger", "Lists what calls cost, newest first.", ListAsync)
            {
                Group = "Ledger",
                Query =
                [
                    new("virtual_key_id", "Only calls of this virtual key."),
                    new("team_id", "Only calls of this team."),
                    new("business_unit_id", "Only calls of this business unit."),
                    new("customer_id", "Only calls of this customer."),
                    new("user_id", "Only calls of this user."),
                    new("provider", "Only calls to this provider."),
                    new("model", "Only calls to this model."),
                    new("from", "Not before this time.", FieldKind.Time),
                    new("to", "Before this time.", FieldKind.Time),
                    new("after", "`next_after` of the page before."),
                    new("limit", "Lines on a page: 100, at most 1000.", FieldKind.Whole),
                ],
                Answer =
                    "`entries`, `count`, `cost` of this page in dollars, and `next_after`, null on the last page. Where few lines match, a page may hold fewer than `limit`, even none, and yet have a `next_after`.",
                Refusals = [400],
            },
        ];

    private async Task<Reply> ListAsync(Call call)
    {
        var mistakes = new List<Mistake>();
        var limit = call.Whole("limit", mistakes) ?? 100;
        var query = new LedgerQuery
        {
            VirtualKeyId = call.Text("virtual_key_id"),
            TeamId = call.Text("team_id"),
            BusinessUnitId = call.Text("business_unit_id"),
            CustomerId = call.Text("customer_id"),
            UserId = call.Text("user_id"),
            Provider = call.Text("provider"),
            Model = call.Text("model"),
            From = call.Time("from", mistakes),
            To = call.Time("to", mistakes),
            After = After(call, mistakes),
            Limit = Math.Clamp(limit, 1, Most),
        };
        if (mistakes.Count > 0)
        {
            return Reply.Bad(mistakes);
        }

        var (entries, next) = await store.EntriesAsync(query, call.Cancel);
        return Reply.Ok(
            new JsonObject
            {
                ["entries"] = new JsonArray([.. entries.Select(View)]),
                ["count"] = entries.Count,
                ["cost"] = Dollars.Write(entries.Sum(e => e.Cost)),
                ["next_after"] = next?.ToString(),
            }
        );
    }

    private static Guid? After(Call call, List<Mistake> mistakes)
    {
        if (call.Text("after") is not { } text)
        {
            return null;
        }

        if (Guid.TryParse(text, out var id))
        {
            return id;
        }

        mistakes.Add(new Mistake("after", $"{Shown.Quoted(text)} is no id of an entry."));
        return null;
    }

    private static JsonObject View(LedgerEntry entry) =>
        new()
        {
            ["id"] = entry.Id.ToString(),
            ["request_id"] = entry.Call.RequestId,
            ["at"] = Times.Write(entry.Call.At),
            ["settled_at"] = Times.Write(entry.SettledAt),
            ["outcome"] = entry.Outcome.ToString().ToLowerInvariant(),
            ["operation"] = entry.Call.Operation,
            ["provider"] = entry.Call.Provider,
            ["provider_key"] = entry.Call.ProviderKey,
            ["asked_model"] = entry.Call.AskedModel,
            ["sent_model"] = entry.Call.SentModel,
            ["virtual_key_id"] = entry.Call.VirtualKeyId,
            ["team_id"] = entry.Call.TeamId,
            ["business_unit_id"] = entry.Call.BusinessUnitId,
            ["customer_id"] = entry.Call.CustomerId,
            ["user_id"] = entry.Call.UserId,
            ["dimensions"] = entry.Call.Dimensions,
            ["usage"] = entry.Usage is { } usage ? UsageView.Of(usage) : null,
            ["cost"] = Dollars.Write(entry.Cost),
            ["estimated"] = entry.Estimated,
            ["unpriced"] = entry.Unpriced,
            ["price_version"] = entry.PriceVersion,
        };
}
