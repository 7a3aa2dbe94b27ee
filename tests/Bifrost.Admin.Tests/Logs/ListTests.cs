using System.Text.Json.Nodes;
using Bifrost.Observability.RequestLog;
using Bifrost.Observability.Stores;
using static Bifrost.Admin.Tests.Logs.SomeRows;

namespace Bifrost.Admin.Tests.Logs;

public sealed class ListTests
{
    [Fact]
    public async Task Requests_are_listed_the_newest_first_with_what_is_published()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await AddAsync(
            admin,
            Chat("old", Hour),
            Chat("new") with
            {
                Status = LogStatus.Error,
                Fault = "timeout",
                Culprit = "target",
                Message = "Too slow.",
                Cost = null,
                TeamId = "t",
                Metadata = [new("project", "x")],
                Attempts = [new("openai", "gpt-4o", "main", "timeout", 1500)],
            }
        );

        var answer = (await admin.GetAsync("/api/logs")).Json;

        var row = answer["logs"]![0]!;
        Assert.Equal("new", Text(row["id"]));
        Assert.Equal("2026-11-22T11:59:00Z", Text(row["timestamp"]));
        Assert.Equal(("openai", "gpt-4o-mini", "error"), (Text(row["provider"]), Text(row["model"]), Text(row["status"])));
        Assert.Equal(("timeout", "target", "Too slow."), Fault(row["error_details"]!));
        Assert.Equal((1, 500m), (row["number_of_retries"]!.GetValue<int>(), row["latency"]!.GetValue<decimal>()));
        Assert.Null(row["cost"]);
        Assert.Equal(1100, row["token_usage"]!["total_tokens"]!.GetValue<long>());
        Assert.Equal("x", Text(row["metadata"]!["project"]));
        Assert.Equal(1.5m, row["attempts"]![0]!["took"]!.GetValue<decimal>());
        Assert.Equal("old", Text(answer["logs"]![1]!["id"]));
        Assert.Equal(0.00021m, answer["logs"]![1]!["cost"]!.GetValue<decimal>());
        Assert.Equal(2, answer["pagination"]!["total_count"]!.GetValue<int>());
        Assert.Equal(50, answer["pagination"]!["limit"]!.GetValue<int>());
        Assert.Equal(50m, answer["stats"]!["success_rate"]!.GetValue<decimal>());
        Assert.Equal(0.00021m, answer["stats"]!["total_cost"]!.GetValue<decimal>());
        Assert.True(answer["has_logs"]!.GetValue<bool>());
    }

    [Theory]
    [InlineData("", "a b c d")]
    [InlineData("providers=replicate", "b")]
    [InlineData("providers=replicate,openai", "a b c d")]
    [InlineData("providers=replicate&providers=openai", "a b c d")]
    [InlineData("models=flux", "b")]
    [InlineData("models=openai/unsent", "d")]
    [InlineData("status=error", "c")]
    [InlineData("status=error,cancelled", "c d")]
    [InlineData("status=processing", "")]
    [InlineData("objects=image_generation", "b")]
    [InlineData("selected_key_ids=pk-2", "b")]
    [InlineData("virtual_key_ids=vk-1", "a")]
    [InlineData("virtual_key_ids=(none)", "b c d")]
    [InlineData("team_ids=t-1,t-2", "a c")]
    [InlineData("business_unit_ids=bu", "a")]
    [InlineData("customer_ids=cu", "c")]
    [InlineData("user_ids=us", "c")]
    [InlineData("fault=upstream_rate_limited", "c")]
    [InlineData("fault=(none)", "a b")]
    [InlineData("lane=translated", "b")]
    [InlineData("lane=(none)", "d")]
    [InlineData("stream=true", "a")]
    [InlineData("start_time=2026-11-22T11:57:00Z", "a b c")]
    [InlineData("end_time=2026-11-22T11:58:00Z", "c d")]
    [InlineData("start_time=2026-11-22T12:57:00%2B01:00&end_time=2026-11-22T11:59:00Z", "b c")]
    [InlineData("min_latency=1000", "b")]
    [InlineData("min_latency=0.5&max_latency=500", "a c d")]
    [InlineData("min_tokens=1101", "c")]
    [InlineData("max_tokens=0", "b d")]
    [InlineData("min_cost=0.003", "b")]
    [InlineData("max_cost=0.001", "a d")]
    [InlineData("missing_cost_only=true", "c")]
    [InlineData("metadata_project=moon", "a")]
    [InlineData("metadata_Project=moon", "a")]
    [InlineData("metadata_note=with,%20comma", "c")]
    [InlineData("metadata_project=moon&metadata_note=x", "")]
    [InlineData("content_search=lighthouse", "b")]
    [InlineData("content_search=dusk%20LIGHTHOUSE", "b")]
    [InlineData("content_search=lighthouse&providers=openai", "")]
    [InlineData("status=success&team_ids=t-1&stream=true&min_latency=1", "a")]
    public async Task Every_filter_filters_in_memory_and_in_sqlite(string query, string expected)
    {
        await using var file = await ALogFile.FreshAsync();
        foreach (var store in new ILogStore[] { new InMemoryLogStore(), file.Store })
        {
            await using var admin = await AnAdmin.OpenAsync(store);
            await AddFourAsync(admin);

            var answer = await admin.GetAsync($"/api/logs?{query}");

            Assert.True(answer.Status == 200, answer.Text);
            Assert.Equal(expected, string.Join(' ', Ids(answer.Json).Order(StringComparer.Ordinal)));
            Assert.Equal(Ids(answer.Json).Count, answer.Json["pagination"]!["total_count"]!.GetValue<int>());
            Assert.True(answer.Json["has_logs"]!.GetValue<bool>());
        }
    }

    [Fact]
    public async Task Every_mistake_is_told_at_once()
    {
        await using var admin = await AnAdmin.OpenAsync();

        var answer = await admin.GetAsync(
            "/api/logs?limit=0&offset=x&sort_by=size&order=up&stats=maybe&status=done&fault=time_out&start_time=yesterday&end_time=1970-01-01"
                + "&min_latency=fast&min_tokens=-1&min_cost=0.00000000001&max_cost=1e&missing_cost_only=yes&user_ids="
                + new string('u', 301)
        );

        Assert.Equal(400, answer.Status);
        Assert.Equal(
            [
                "end_time",
                "fault",
                "limit",
                "max_cost",
                "min_cost",
                "min_latency",
                "min_tokens",
                "missing_cost_only",
                "offset",
                "order",
                "sort_by",
                "start_time",
                "stats",
                "status",
                "user_ids",
            ],
            answer.Mistakes.Select(m => m.Split(':')[0]).Order(StringComparer.Ordinal)
        );
        Assert.Contains(answer.Mistakes, m => m.EndsWith("Did you mean `timeout`?", StringComparison.Ordinal));
        Assert.Contains("status: \"done\" is no status. It is one of success, error, cancelled, processing.", answer.Mistakes);
    }

    [Theory]
    [InlineData("colour=red", "colour: there is no such parameter here.")]
    [InlineData("provider=openai", "provider: there is no such parameter here. Did you mean `providers`?")]
    [InlineData("limit=1001", "limit: is 1001. Write a whole number from 1 to 1000.")]
    [InlineData("offset=100001", "offset: is 100001. Write a whole number from 0 to 100000.")]
    [InlineData("start_time=2026-11-22&end_time=2026-11-21", "end_time: is not after start_time.")]
    [InlineData("min_cost=2&max_cost=1", "max_cost: is less than min_cost.")]
    [InlineData("content_search=a&content_search=b", "content_search: is given twice. Keep one of the two.")]
    [InlineData("after=nonsense", "after: \"nonsense\" is no `next_after` of a page sorted like this.")]
    [InlineData("after=x&offset=1", "offset: cannot be given together with `after`.")]
    [InlineData("metadata_=x", "metadata_: there is no such parameter here.")]
    public async Task A_mistake_says_what_would_be_right(string query, string mistake)
    {
        await using var file = await ALogFile.FreshAsync();
        await using var admin = await AnAdmin.OpenAsync(file.Store);
        var answer = await admin.GetAsync($"/api/logs?{query}");
        Assert.Equal(400, answer.Status);
        Assert.StartsWith(mistake, Assert.Single(answer.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_log_says_that_it_is_empty()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = (await admin.GetAsync("/api/logs")).Json;
        Assert.Empty(answer["logs"]!.AsArray());
        Assert.False(answer["has_logs"]!.GetValue<bool>());
        Assert.Null(answer["stats"]!["success_rate"]);
    }

    [Theory]
    [InlineData("timestamp", "desc")]
    [InlineData("timestamp", "asc")]
    [InlineData("latency", "desc")]
    [InlineData("tokens", "asc")]
    [InlineData("cost", "desc")]
    public async Task Pages_neither_repeat_nor_miss_a_row_while_rows_arrive_and_go(string sort, string order)
    {
        await using var file = await ALogFile.FreshAsync();
        foreach (var store in new ILogStore[] { new InMemoryLogStore(), file.Store })
        {
            await using var admin = await AnAdmin.OpenAsync(store);
            var there = Enumerable.Range(0, 100).Select(i => Varied(i, Hour + (i % 40 * Second))).ToArray();
            await AddAsync(admin, there);
            var seen = new List<string>();
            var next = "";
            for (var page = 0; next is not null; page++)
            {
                var answer = (
                    await admin.GetAsync($"/api/logs?limit=7&sort_by={sort}&order={order}{(page == 0 ? "" : $"&after={next}")}")
                ).Json;
                seen.AddRange(Ids(answer));
                next = (string?)answer["pagination"]!["next_after"];
                // Some before, some after, and some in the middle of what is being read.
                await AddAsync(
                    admin,
                    Varied(1000 + page, Minute),
                    Varied(2000 + page, 2 * Hour),
                    Varied(3000 + page, Hour + (20 * Second))
                );
                if (seen.Count > 0)
                {
                    await admin.Log.Store.DeleteAsync([$"r{1000 + page - 1}"], default);
                }
            }

            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.Empty(there.Select(r => r.Id).Except(seen));
        }
    }

    [Fact]
    public async Task Offsets_page_too()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await AddAsync(admin, [.. Enumerable.Range(0, 5).Select(i => Chat($"r{i}", Minute * (i + 1)))]);
        Assert.Equal(["r2", "r3"], Ids((await admin.GetAsync("/api/logs?limit=2&offset=2")).Json));
    }

    [Fact]
    public async Task What_is_cheap_to_add_up_is_added_up_and_the_rest_when_asked()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await AddFourAsync(admin);
        Assert.NotNull((await admin.GetAsync("/api/logs?providers=openai")).Json["stats"]);
        Assert.Null((await admin.GetAsync("/api/logs?min_latency=1")).Json["stats"]);
        Assert.Equal(4, (await admin.GetAsync("/api/logs?min_latency=0&stats=true")).Json["stats"]!["total_requests"]!.GetValue<int>());
        Assert.Null((await admin.GetAsync("/api/logs?stats=false")).Json["stats"]);
    }

    internal static Task AddFourAsync(AnAdmin admin)
    {
        var b = Chat("b", 2 * Minute) with
        {
            Operation = "image_generation",
            Provider = "replicate",
            ProviderKeyId = "pk-2",
            SentModel = "flux",
            Lane = "translated",
            InputTokens = 0,
            OutputTokens = 0,
            Images = 1,
            Cost = 3_000_000,
            Latency = 9_000_000,
            HasPayload = true,
        };
        return admin.Log.Store.AppendAsync(
            [
                Chat("a") with
                {
                    Streamed = true,
                    VirtualKeyId = "vk-1",
                    VirtualKeyName = "First",
                    TeamId = "t-1",
                    BusinessUnitId = "bu",
                    Metadata = [new("project", "moon")],
                },
                b,
                Chat("c", 3 * Minute) with
                {
                    Status = LogStatus.Error,
                    HttpStatus = 429,
                    Fault = "upstream_rate_limited",
                    TeamId = "t-2",
                    CustomerId = "cu",
                    UserId = "us",
                    InputTokens = 5000,
                    Cost = null,
                    Metadata = [new("note", "with, comma")],
                },
                Chat("d", 4 * Minute) with
                {
                    Status = LogStatus.Cancelled,
                    Fault = "caller_left",
                    AskedModel = "openai/unsent",
                    SentModel = null,
                    Lane = null,
                    InputTokens = 0,
                    OutputTokens = 0,
                    Cost = 0,
                },
            ],
            [Said(b, "A lighthouse at dusk")],
            default
        );
    }

    internal static Task AddAsync(AnAdmin admin, params LogRow[] rows) => admin.Log.Store.AppendAsync(rows, [], default);

    private static LogRow Varied(int i, long ago) =>
        Chat($"r{i}", ago) with
        {
            Latency = i % 10 * 1000,
            OutputTokens = i % 7,
            Cost = i % 5 == 0 ? null : i % 9 * 1000,
        };

    internal static IReadOnlyList<string> Ids(JsonNode answer) => [.. answer["logs"]!.AsArray().Select(r => Text(r!["id"]))];

    private static string Text(JsonNode? node) => node!.GetValue<string>();

    private static (string, string, string) Fault(JsonNode fault) => (Text(fault["fault"]), Text(fault["culprit"]), Text(fault["message"]));
}
