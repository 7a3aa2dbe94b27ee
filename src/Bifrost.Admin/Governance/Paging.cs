using System.Text.Json.Nodes;
using Bifrost.Admin.Bodies;
using Bifrost.Admin.Http;
using Bifrost.Core.World;
using Bifrost.Governance.Registry;

namespace Bifrost.Admin.Governance;

/// <summary>Which part of a list is asked for, as published: by <c>limit</c> and <c>offset</c>, or after an object.</summary>
/// <param name="Query">For the registry.</param>
/// <param name="Everything">Nothing was said, so all of it is wanted.</param>
internal sealed record Paging(ListQuery Query, bool Everything)
{
    private const int Usual = 25;
    private const int Most = 100;
    private const int All = 100_000;

    /// <summary>Accepted as published; what is kept and what is in memory are one here.</summary>
    public static Parameter FromMemory { get; } =
        new("from_memory", "Accepted and without effect: every answer comes from what is enforced.", FieldKind.Flag);

    public static IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("limit", "Objects on a page: 25, at most 100. Without any parameter all are listed.", FieldKind.Whole),
        new("offset", "Objects to pass over.", FieldKind.Whole),
        new("after", "`next_after` of the page before: goes on there even if something was added or removed in between."),
        new("search", "Part of the name."),
        new("customer_id", "Only those that belong to this customer."),
        new("team_id", "Only those that belong to this team."),
        new("business_unit_id", "Only those that belong to this business unit."),
        new("user_id", "Only those of this user."),
        new("sort_by", "name, created_at, status or budget_spent."),
        new("order", "asc or desc."),
        new("export", "true: all that match, on one page.", FieldKind.Flag),
        FromMemory,
    ];

    public static Paging Read(Call call, List<Mistake> mistakes)
    {
        var limit = call.Whole("limit", mistakes);
        var offset = call.Whole("offset", mistakes);
        var order = Choice(
            call,
            "sort_by",
            mistakes,
            ListOrder.Name,
            ("name", ListOrder.Name),
            ("created_at", ListOrder.CreatedAt),
            ("status", ListOrder.Status),
            ("budget_spent", ListOrder.BudgetSpent)
        );
        var query = new ListQuery
        {
            After = call.Text("after"),
            Offset = offset ?? 0,
            Search = call.Text("search"),
            CustomerId = call.Text("customer_id"),
            TeamId = call.Text("team_id"),
            BusinessUnitId = call.Text("business_unit_id"),
            UserId = call.Text("user_id"),
            OrderBy = order,
            Descending = Choice(call, "order", mistakes, false, ("asc", false), ("desc", true)),
        };
        var asked = Parameters.Any(p => p != FromMemory && call.Text(p.Name) is not null);
        var everything = !asked || call.Flag("export");
        return new Paging(
            query with
            {
                Limit =
                    everything ? All
                    : limit is > 0 ? Math.Min(limit.Value, Most)
                    : Usual,
            },
            everything
        );
    }

    public JsonObject Envelope(string many, IEnumerable<JsonObject> items, int total, string? next)
    {
        var list = new JsonArray([.. items]);
        var count = list.Count;
        return new JsonObject
        {
            [many] = list,
            ["count"] = count,
            ["total_count"] = total,
            ["limit"] = Everything ? total : Query.Limit,
            ["offset"] = Query.Offset,
            ["next_after"] = next,
        };
    }

    private static TValue Choice<TValue>(
        Call call,
        string parameter,
        List<Mistake> mistakes,
        TValue usual,
        params ReadOnlySpan<(string Word, TValue Value)> choices
    )
    {
        if (call.Text(parameter) is not { } text)
        {
            return usual;
        }

        var words = new List<string>();
        foreach (var (word, value) in choices)
        {
            if (word == text)
            {
                return value;
            }

            words.Add(word);
        }

        mistakes.Add(new Mistake(parameter, $"{Shown.Quoted(text)} is none of {string.Join(", ", words)}."));
        return usual;
    }
}
