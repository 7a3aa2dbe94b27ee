using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Governance.Objects;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>Budgets and rate limits wherever they stand: listed, raised for a while, topped up.</summary>
internal sealed class BudgetRoutes(GovernanceRegistry registry, IStandings standings, TimeProvider clock)
{
    private const string Group = "Budgets and rate limits";
    private const string Never = "never";

    private static readonly Shape Override = new(
        "BudgetOverride",
        [
            new("amount", FieldKind.Dollars, "US dollars on top of the limit, more than zero.") { Required = true },
            new("mode", FieldKind.Text, "cycles: for a number of periods. forever: until it is taken back.")
            {
                Required = true,
                Choices = ["cycles", "forever"],
            },
            new("cycles", FieldKind.Whole, "Periods, the running one included; with mode cycles.") { Least = 1, Most = 10_000 },
        ]
    );

    private static readonly Shape TopUp = new(
        "TopUp",
        [new("amount", FieldKind.Dollars, "US dollars to add, more than zero.") { Required = true }]
    );

    private static readonly Parameter Nearest = new(
        "nearest",
        "Only so many: those that are nearest their end, the nearest first.",
        FieldKind.Whole
    );

    private readonly EditDesk _desk = new(registry);

    public IEnumerable<Route> All()
    {
        yield return Listing("budgets", "Lists every budget with its owner and how it stands.", Budgets);
        yield return Listing("rate-limits", "Lists every rate limit with its owner and how it stands.", _ => RateLimits());
        foreach (var (path, kind) in BudgetOwners.Paths)
        {
            var one = $"/api/governance/{path}/{{id}}/budgets/{{budget_id}}";
            yield return Changing(
                "PUT",
                $"{one}/override",
                "Raises a budget for some periods or until further notice.",
                c => OverrideAsync(c, kind)
            ) with
            {
                Body = Override,
            };
            yield return Changing("DELETE", $"{one}/override", "Takes what was added to a budget back.", c => WithdrawAsync(c, kind));
            yield return Changing(
                "POST",
                $"{one}/top-up",
                "Adds money to a prepaid budget (reset_duration never).",
                c => TopUpAsync(c, kind)
            ) with
            {
                Body = TopUp,
            };
        }
    }

    private static Route Listing(string name, string summary, Func<int?, JsonArray> list)
    {
        var member = name.Replace('-', '_');
        return new Route("GET", $"/api/governance/{name}", summary, call => Task.FromResult(Listed(call, member, list)))
        {
            Group = Group,
            Query = name == "budgets" ? [Paging.FromMemory, Nearest] : [Paging.FromMemory],
            Answer = $"`{member}` and `count`.",
            Refusals = [400],
        };
    }

    private static Reply Listed(Call call, string member, Func<int?, JsonArray> list)
    {
        var mistakes = new List<Mistake>();
        var nearest = call.Whole(Nearest.Name, mistakes);
        return mistakes.Count > 0 ? Reply.Bad(mistakes) : Listed(member, list(nearest));
    }

    private static Reply Listed(string member, JsonArray items) => Reply.Ok(new JsonObject { ["count"] = items.Count, [member] = items });

    private static Route Changing(string method, string pattern, string summary, Func<Call, Task<Reply>> handle) =>
        new(method, pattern, summary, handle)
        {
            Group = Group,
            Answer = "`budget` as it is now.",
            Refusals = [400, 404, 413, 415],
        };

    private JsonArray Budgets(int? nearest)
    {
        var views = new LimitViews(standings);
        var all = BudgetOwners.All(registry.Now).SelectMany(o => BudgetOwners.BudgetsOf(o.Owner).Select(b => (Budget: b, Owner: o)));
        if (nearest is { } most)
        {
            all = all.OrderByDescending(b => ShareGone(b.Budget)).Take(most);
        }

        return [.. all.Select(b => Owned(views.Budget(b.Budget), b.Owner))];
    }

    private double ShareGone(Budget budget)
    {
        var standing = standings.Of(budget);
        return standing.Limit <= 0 ? 1 : (double)(standing.Used + standing.Held) / standing.Limit;
    }

    private JsonArray RateLimits()
    {
        var views = new LimitViews(standings);
        return
        [
            .. BudgetOwners.All(registry.Now).SelectMany(o => BudgetOwners.RateLimitsOf(o.Owner).Select(r => Owned(views.RateLimit(r), o))),
        ];
    }

    private static JsonObject Owned(JsonObject view, (string Kind, LimitedObject Owner) owner)
    {
        view["owner_type"] = owner.Kind;
        view["owner_id"] = owner.Owner.Id;
        view["owner_name"] = BudgetOwners.NameOf(owner.Owner);
        return view;
    }

    private Task<Reply> OverrideAsync(Call call, string kind)
    {
        var amount = call.Body.Dollars("amount").Value!.Value;
        var cycles = (int?)call.Body.Whole("cycles").Value;
        var forever = call.Body.Text("mode").Value == "forever";
        if (amount <= 0)
        {
            return BadAsync("amount", "must be more than zero.");
        }

        if (forever != (cycles is null))
        {
            return BadAsync("cycles", forever ? "does not go with mode forever. Leave it out." : "is missing. Write how many periods.");
        }

        var added = new BudgetOverride(amount, clock.GetUtcNow(), forever ? null : cycles);
        return ChangeAsync(call, kind, b => b with { Override = added });
    }

    private Task<Reply> WithdrawAsync(Call call, string kind) => ChangeAsync(call, kind, b => b with { Override = null });

    private Task<Reply> TopUpAsync(Call call, string kind)
    {
        var amount = call.Body.Dollars("amount").Value!.Value;
        if (amount <= 0)
        {
            return BadAsync("amount", "must be more than zero.");
        }

        return ChangeAsync(
            call,
            kind,
            b => b with { MaxLimit = b.MaxLimit + amount },
            b =>
                b.ResetDuration != Never
                    ? Reply.Bad("budget_id", $"This budget is renewed every {b.ResetDuration}. Only prepaid ones are topped up.")
                : b.MaxLimit > long.MaxValue - amount ? Reply.Bad("amount", "is more than the budget can hold.")
                : null
        );
    }

    private Task<Reply> ChangeAsync(Call call, string kind, Func<Budget, Budget> change, Func<Budget, Reply?>? refuse = null)
    {
        var (id, budgetId) = (call["id"], call["budget_id"]);
        return _desk.ChangeAsync(
            now =>
            {
                if (BudgetOwners.Find(now, kind, id) is not { } owner)
                {
                    return Decision.Refuse(Reply.NotFound(kind.Replace('_', ' '), id));
                }

                var budget = BudgetOwners.BudgetsOf(owner).FirstOrDefault(b => b.Id == budgetId);
                if (budget is null)
                {
                    return Decision.Refuse(Reply.NotFound("budget here", budgetId));
                }

                return refuse?.Invoke(budget) is { } refusal
                    ? Decision.Refuse(refusal)
                    : Decision.Make(new Edit(kind, id, BudgetOwners.With(owner, budgetId, change, clock.GetUtcNow())));
            },
            now => Answer(now, kind, id, budgetId),
            call.Body,
            call.Cancel
        );
    }

    private Reply Answer(GovernanceSnapshot now, string kind, string id, string budgetId) =>
        BudgetOwners.Find(now, kind, id) is { } owner && BudgetOwners.BudgetsOf(owner).FirstOrDefault(b => b.Id == budgetId) is { } budget
            ? Reply.Ok(new JsonObject { ["message"] = "The budget was updated.", ["budget"] = new LimitViews(standings).Budget(budget) })
            : Reply.NotFound("budget here", budgetId);

    private static Task<Reply> BadAsync(string path, string message) => Task.FromResult(Reply.Bad(path, message));
}
