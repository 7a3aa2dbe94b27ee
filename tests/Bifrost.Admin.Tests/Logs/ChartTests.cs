using System.Text.Json.Nodes;
using Bifrost.Observability.RequestLog;
using static Bifrost.Admin.Tests.Logs.SomeRows;

namespace Bifrost.Admin.Tests.Logs;

public sealed class ChartTests
{
    [Theory]
    [InlineData(365 * Day, 30 * 86_400)]
    [InlineData((365 * Day) - Second, 7 * 86_400)]
    [InlineData(90 * Day, 7 * 86_400)]
    [InlineData((90 * Day) - Second, 3 * 86_400)]
    [InlineData(30 * Day, 3 * 86_400)]
    [InlineData((30 * Day) - Second, 86_400)]
    [InlineData(7 * Day, 86_400)]
    [InlineData((7 * Day) - Second, 8 * 3600)]
    [InlineData(3 * Day, 8 * 3600)]
    [InlineData((3 * Day) - Second, 3600)]
    [InlineData(Day, 3600)]
    [InlineData(Day - Second, 600)]
    [InlineData(2 * Hour, 600)]
    [InlineData((2 * Hour) - Second, 60)]
    public async Task Buckets_are_as_wide_as_is_published_for_the_range(long range, int seconds)
    {
        await using var admin = await AnAdmin.OpenAsync();
        foreach (var path in Charts)
        {
            var chart = (await admin.GetAsync($"{path}?start_time={Time(Noon - range)}&end_time={Time(Noon)}")).Json;
            Assert.Equal(seconds, chart["bucket_size_seconds"]!.GetValue<int>());
        }
    }

    [Fact]
    public async Task Without_a_range_buckets_are_an_hour_wide()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var chart = (await admin.GetAsync("/api/logs/histogram")).Json;
        Assert.Equal(3600, chart["bucket_size_seconds"]!.GetValue<int>());
        Assert.Equal((30 * 24) + 1, chart["buckets"]!.AsArray().Count);
    }

    [Fact]
    public async Task Requests_over_time_have_a_bucket_for_every_time()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await ListTests.AddFourAsync(admin);

        var buckets = Buckets(await ChartAsync(admin, "/api/logs/histogram", "&bucket_seconds=60"));

        Assert.Equal(
            ["11:55 0/0/0/0", "11:56 1/0/0/1", "11:57 1/0/1/0", "11:58 1/1/0/0", "11:59 1/1/0/0"],
            buckets.Select(b => $"{Clock(b)} {b["count"]}/{b["success"]}/{b["error"]}/{b["cancelled"]}")
        );
    }

    [Fact]
    public async Task Tokens_cost_models_and_latency_over_time_are_as_published()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await ListTests.AddFourAsync(admin);

        var tokens = Buckets(await ChartAsync(admin, "/api/logs/histogram/tokens"))[^1];
        Assert.Equal(
            (6000, 200, 6200, 0),
            (Int(tokens, "prompt_tokens"), Int(tokens, "completion_tokens"), Int(tokens, "total_tokens"), Int(tokens, "cached_read_tokens"))
        );
        var cost = await ChartAsync(admin, "/api/logs/histogram/cost");
        Assert.Equal(0.00321m, Buckets(cost)[^1]["total_cost"]!.GetValue<decimal>());
        Assert.Equal(0.003m, Buckets(cost)[^1]["by_model"]!["flux"]!.GetValue<decimal>());
        Assert.Equal(["flux", "gpt-4o-mini", "openai/unsent"], Texts(cost["models"]).Order(StringComparer.Ordinal));
        var models = Buckets(await ChartAsync(admin, "/api/logs/histogram/models"))[^1]["by_model"]!["gpt-4o-mini"]!;
        Assert.Equal((2, 1, 1), (Int(models, "total"), Int(models, "success"), Int(models, "error")));
        var latency = Buckets(await ChartAsync(admin, "/api/logs/histogram/latency"))[^1];
        Assert.Equal(4, Int(latency, "total_requests"));
        Assert.InRange(latency["p99_latency"]!.GetValue<decimal>(), 8_900, 9_100);
        Assert.InRange(latency["avg_latency"]!.GetValue<decimal>(), 2_590, 2_660);
    }

    [Theory]
    [InlineData("cost", "0.003")]
    [InlineData("tokens", """{"prompt_tokens":0,"completion_tokens":0,"total_tokens":0,"cached_read_tokens":0}""")]
    [InlineData("latency", null)]
    public async Task Each_of_them_comes_by_provider(string what, string? replicate)
    {
        await using var admin = await AnAdmin.OpenAsync();
        await ListTests.AddFourAsync(admin);
        var chart = await ChartAsync(admin, $"/api/logs/histogram/{what}/by-provider");
        var found = Buckets(chart)[^1]["by_provider"]!["replicate"]!;
        Assert.Equal(replicate ?? found.ToJsonString(), found.ToJsonString());
        Assert.Equal(["openai", "replicate"], Texts(chart["providers"]));
    }

    [Fact]
    public async Task Any_number_comes_by_any_dimension_and_what_is_too_much_is_other()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await ListTests.AddFourAsync(admin);
        var chart = await ChartAsync(admin, "/api/logs/histogram", "&bucket_seconds=3600&metric=requests&group_by=team&top=1");
        Assert.Equal(["(none)", "other"], Texts(chart["groups"], "id").Order(StringComparer.Ordinal));
        Assert.Equal(4, Buckets(chart)[^1]["values"]!.AsObject().Sum(v => v.Value!.GetValue<int>()));
    }

    [Theory]
    [InlineData("bucket_seconds=90", "bucket_seconds: 90 is not a multiple of 60.")]
    [InlineData("bucket_seconds=60&start_time=2026-01-01", "bucket_seconds: 60 makes more than 10000 buckets.")]
    [InlineData("metric=speed", "metric: \"speed\" is none of requests,")]
    [InlineData("group_by=colour", "group_by: \"colour\" is none of provider,")]
    [InlineData("group_by=team&top=0", "top: is 0. Write a whole number from 1 to 200.")]
    public async Task Mistakes_in_charts_are_told(string query, string mistake)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.GetAsync($"/api/logs/histogram?{query}");
        Assert.Equal(400, answer.Status);
        Assert.StartsWith(mistake, Assert.Single(answer.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_are_ranked_and_compared_with_the_time_before()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await ListTests.AddAsync(
            admin,
            // Before: two requests at twice the latency.
            Chat("1", (2 * Hour) + Minute) with
            {
                Latency = 1_000_000,
            },
            Chat("2", (2 * Hour) + Minute) with
            {
                Latency = 1_000_000,
            },
            // Now: three, one of them at another provider.
            Chat("3"),
            Chat("4"),
            Chat("5") with
            {
                Status = LogStatus.Error,
            },
            Chat("6") with
            {
                Provider = "azure",
            }
        );

        var ranked = (await admin.GetAsync($"/api/logs/rankings?start_time={Time(Noon - (2 * Hour))}&end_time={Time(Noon)}")).Json[
            "rankings"
        ]!;

        var first = ranked[0]!;
        Assert.Equal("openai gpt-4o-mini 3 2", $"{first["provider"]} {first["model"]} {first["total_requests"]} {first["success_count"]}");
        Assert.Equal(66.667m, first["success_rate"]!.GetValue<decimal>());
        var trend = first["trend"]!;
        Assert.True(trend["has_previous_period"]!.GetValue<bool>());
        Assert.Equal((50m, 50m, 50m), (Number(trend, "requests_trend"), Number(trend, "tokens_trend"), Number(trend, "cost_trend")));
        Assert.InRange(Number(trend, "latency_trend"), -51, -49);
        Assert.False(ranked[1]!["trend"]!["has_previous_period"]!.GetValue<bool>());
        Assert.Equal(0m, Number(ranked[1]!["trend"]!, "requests_trend"));
        Assert.Equal(2, ranked.AsArray().Count);
    }

    [Fact]
    public async Task Who_spent_what_is_one_question()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var team = await admin.MadeAsync("teams", "team", """{"name": "Research"}""");
        await ListTests.AddAsync(
            admin,
            Chat("1") with
            {
                TeamId = team,
                Cost = 5_000_000_000,
            },
            Chat("2") with
            {
                TeamId = team,
                Cost = 1,
            },
            Chat("3") with
            {
                TeamId = "gone",
                Cost = 7,
            },
            Chat("4")
        );

        var answer = (await admin.GetAsync("/api/logs/groups?by=team")).Json;

        Assert.Equal(
            ["Research 2 5.000000001", "(none) 1 0.00021", "gone (deleted) 1 0.000000007"],
            answer["groups"]!.AsArray().Select(g => $"{g!["name"]} {g["total_requests"]} {g["total_cost"]}")
        );
        Assert.Equal(5.000210008m, answer["total"]!["total_cost"]!.GetValue<decimal>());
        Assert.Equal(3, Int(answer, "total_count"));
        var cheapest = (await admin.GetAsync("/api/logs/groups?by=team&order=asc&limit=1&offset=1")).Json;
        Assert.Equal("(none)", cheapest["groups"]![0]!["id"]!.GetValue<string>());
        var slowest = (await admin.GetAsync("/api/logs/groups?by=model&sort_by=latency_p95")).Json;
        Assert.Equal("gpt-4o-mini", slowest["groups"]![0]!["name"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("", "by: is missing.")]
    [InlineData("by=teams", "by: \"teams\" is none of provider, model,")]
    [InlineData("by=team&sort_by=money", "sort_by: \"money\" is none of")]
    [InlineData("by=team&limit=0", "limit: is 0. Write a whole number from 1 to 1000.")]
    public async Task Mistakes_in_groups_are_told(string query, string mistake)
    {
        await using var admin = await AnAdmin.OpenAsync();
        var answer = await admin.GetAsync($"/api/logs/groups?{query}");
        Assert.Equal(400, answer.Status);
        Assert.StartsWith(mistake, Assert.Single(answer.Mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Values_to_filter_by_have_names_and_what_is_no_more_says_so()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var key = await admin.MadeAsync("virtual-keys", "virtual_key", """{"name": "Bot"}""");
        await ListTests.AddAsync(
            admin,
            Chat("1") with
            {
                VirtualKeyId = key,
                VirtualKeyName = "Bot",
                Metadata = [new("project", "moon")],
            },
            Chat("2") with
            {
                VirtualKeyId = "vk-gone",
                VirtualKeyName = "Old bot",
            },
            Chat("3") with
            {
                VirtualKeyId = key,
                Metadata = [new("project", "mars")],
            }
        );

        var values = (await admin.GetAsync("/api/logs/filterdata")).Json;

        Assert.Equal(["Bot", "Old bot (deleted)"], Texts(values["virtual_keys"], "name"));
        Assert.Equal(["main (deleted)"], Texts(values["selected_keys"], "name"));
        Assert.Equal(["gpt-4o-mini"], Texts(values["models"]));
        Assert.Equal(["mars", "moon"], Texts(values["metadata_keys"]!["project"]).Order(StringComparer.Ordinal));
        Assert.Empty(values["routing_rules"]!.AsArray());
        Assert.Empty(values["routing_engines"]!.AsArray());
    }

    [Fact]
    public async Task What_is_no_more_is_hidden_where_that_is_set()
    {
        await using var admin = await AnAdmin.StartAsync(account: false, logged: log => log with { HidesDeleted = () => true });
        await ListTests.AddAsync(admin, Chat("1") with { VirtualKeyId = "vk-gone", VirtualKeyName = "Old bot" });
        Assert.Empty((await admin.GetAsync("/api/logs/filterdata")).Json["virtual_keys"]!.AsArray());
    }

    private static readonly string[] Charts =
    [
        "/api/logs/histogram",
        "/api/logs/histogram/tokens",
        "/api/logs/histogram/cost",
        "/api/logs/histogram/models",
        "/api/logs/histogram/latency",
        "/api/logs/histogram/cost/by-provider",
        "/api/logs/histogram/tokens/by-provider",
        "/api/logs/histogram/latency/by-provider",
    ];

    /// <summary>Of the last five minutes.</summary>
    private static async Task<JsonNode> ChartAsync(AnAdmin admin, string path, string more = "&bucket_seconds=3600")
    {
        var answer = await admin.GetAsync($"{path}?start_time={Time(Noon - (5 * Minute))}&end_time={Time(Noon)}{more}");
        Assert.True(answer.Status == 200, answer.Text);
        return answer.Json;
    }

    private static IReadOnlyList<JsonNode> Buckets(JsonNode chart) => [.. chart["buckets"]!.AsArray().Select(b => b!)];

    private static string Clock(JsonNode bucket) => bucket["timestamp"]!.GetValue<string>()[11..16];

    private static int Int(JsonNode node, string member) => node[member]!.GetValue<int>();

    private static decimal Number(JsonNode node, string member) => node[member]!.GetValue<decimal>();

    private static IReadOnlyList<string> Texts(JsonNode? list, string? member = null) =>
        [.. list!.AsArray().Select(v => (member is null ? v : v![member])!.GetValue<string>())];
}
