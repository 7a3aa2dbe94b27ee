using System.Text.Json.Nodes;
using Bifrost.Governance.Estimates;
using Bifrost.Governance.Prices;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using static Bifrost.Admin.Tests.Logs.SomeRows;

namespace Bifrost.Admin.Tests.Logs;

public sealed class RepriceTests
{
    // gpt-4o-mini: 15 cents for a million tokens in, 60 for a million out.
    private const long Now = 210_000;

    [Fact]
    public async Task Rows_without_a_cost_get_the_one_they_have_now_in_row_sums_and_lines()
    {
        await using var file = await ALogFile.FreshAsync();
        foreach (var store in new ILogStore[] { new InMemoryLogStore(), file.Store })
        {
            await using var admin = await OpenAsync(store);
            await ListTests.AddAsync(
                admin,
                Unpriced("1"),
                Unpriced("2", 2 * Minute) with
                {
                    SentModel = "nobody-knows-it",
                },
                Chat("3") with
                {
                    Cost = 1,
                }
            );

            var answer = await RepriceAsync(admin, "{}");

            Assert.Equal(
                (2, 1, 1, 0),
                (Int(answer, "total_matched"), Int(answer, "updated"), Int(answer, "skipped"), Int(answer, "remaining"))
            );
            Assert.Equal("""{"no_price":1}""", answer["skipped_by"]!.ToJsonString());
            Assert.Equal((0m, 0.00021m), (Money(answer, "cost_before"), Money(answer, "cost_after")));
            var row = (await admin.GetAsync("/api/logs/1")).Json;
            Assert.Equal(0.00021m, Money(row, "cost"));
            Assert.Equal(PriceCatalogue.Embedded.Find("openai", "gpt-4o-mini")!.Version, row["price_version"]!.GetValue<string>());
            Assert.Equal(["input", "output"], row["cost_lines"]!.AsArray().Select(l => l!["kind"]!.GetValue<string>()));
            Assert.Equal(0.00015m, Money(row["cost_lines"]![0]!, "amount"));
            Assert.Equal(0.000210001m, Money((await admin.GetAsync("/api/logs/stats")).Json, "total_cost"));
            Assert.Equal(0.000000001m, Money((await admin.GetAsync("/api/logs/3")).Json, "cost"));
        }
    }

    [Fact]
    public async Task Rows_with_a_cost_are_looked_at_when_all_are_asked_for()
    {
        await using var admin = await OpenAsync();
        await ListTests.AddAsync(admin, Chat("1") with { Cost = 1_000_000 }, Chat("2") with { Cost = Now, PriceVersion = Version });

        var answer = await RepriceAsync(admin, """{"all": true}""");

        Assert.Equal(
            (2, 1, 0, 1),
            (Int(answer, "total_matched"), Int(answer, "updated"), Int(answer, "skipped"), Int(answer, "unchanged"))
        );
        Assert.Equal((0.001m, 0.00021m), (Money(answer, "cost_before"), Money(answer, "cost_after")));
    }

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        await using var admin = await OpenAsync();
        await ListTests.AddAsync(admin, Unpriced("1"));
        Assert.Equal(1, Int(await RepriceAsync(admin, """{"dry_run": true}"""), "updated"));
        Assert.Null((await admin.GetAsync("/api/logs/1")).Json["cost"]);
    }

    [Fact]
    public async Task Only_what_the_filters_say_in_pieces_of_the_limit()
    {
        await using var admin = await OpenAsync();
        await ListTests.AddAsync(
            admin,
            [.. Enumerable.Range(0, 5).Select(i => Unpriced($"r{i}", Minute * (5 - i)) with { TeamId = i == 4 ? "other" : "mine" })]
        );

        const string Mine = """ "filters": {"team_ids": ["mine"], "start_time": "2026-11-01"}, "limit": 3 """;
        var first = await RepriceAsync(admin, $"{{{Mine}, \"dry_run\": true}}");
        Assert.Equal((4, 3, 1), (Int(first, "total_matched"), Int(first, "updated"), Int(first, "remaining")));
        var second = await RepriceAsync(admin, $"{{{Mine}, \"after\": \"{first["next_after"]}\"}}");
        Assert.Equal(1, Int(second, "updated"));
        Assert.Null(second["next_after"]);
        Assert.Null((await admin.GetAsync("/api/logs/r0")).Json["cost"]);
        Assert.NotNull((await admin.GetAsync("/api/logs/r3")).Json["cost"]);
        Assert.Null((await admin.GetAsync("/api/logs/r4")).Json["cost"]);
    }

    [Fact]
    public async Task What_was_never_sent_is_left_alone()
    {
        await using var admin = await OpenAsync();
        await ListTests.AddAsync(admin, Chat("1") with { Lane = null, Cost = 0, SentModel = null, Status = LogStatus.Error });
        Assert.Equal(0, Int(await RepriceAsync(admin, """{"all": true}"""), "updated"));
    }

    [Theory]
    [InlineData("""{"limit": 1001}""", "limit: is 1001. Write a number from 1 to 1000.")]
    [InlineData("""{"filters": []}""", "filters: is no object.")]
    [InlineData("""{"filters": {"model": "x"}}""", "filters.model: there is no such filter. Did you mean `models`?")]
    [InlineData("""{"filters": {"status": "bad"}}""", "filters.status: \"bad\" is no status.")]
    [InlineData("""{"filter": {}}""", "filter: there is no such field here. Did you mean `filters`?")]
    [InlineData("""{"after": "nonsense"}""", "after: \"nonsense\" is no `next_after` of an answer to this.")]
    public async Task Mistakes_are_told(string body, string mistake)
    {
        await using var admin = await OpenAsync();
        var answer = await admin.SendAsync("POST", "/api/logs/recalculate-cost", body);
        Assert.Equal(400, answer.Status);
        Assert.StartsWith(mistake, Assert.Single(answer.Mistakes), StringComparison.Ordinal);
    }

    private static string Version => PriceCatalogue.Embedded.Find("openai", "gpt-4o-mini")!.Version;

    private static Task<AnAdmin> OpenAsync(ILogStore? store = null)
    {
        var costing = new Costing(PriceCatalogue.Embedded);
        return AnAdmin.StartAsync(account: false, log: store, logged: log => log with { Price = call => costing.CostOf(call, null) });
    }

    private static LogRow Unpriced(string id, long ago = Minute) =>
        Chat(id, ago) with
        {
            Cost = null,
            PriceVersion = null,
            CostLines = null,
        };

    private static async Task<JsonNode> RepriceAsync(AnAdmin admin, string body)
    {
        var answer = await admin.SendAsync("POST", "/api/logs/recalculate-cost", body);
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }

    private static int Int(JsonNode node, string member) => node[member]!.GetValue<int>();

    private static decimal Money(JsonNode node, string member) => node[member]!.GetValue<decimal>();
}
