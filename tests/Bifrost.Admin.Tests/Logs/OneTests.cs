using System.Text;
using System.Text.Json.Nodes;
using Bifrost.Admin.Logs;
using Bifrost.Observability.RequestLog;
using static Bifrost.Admin.Tests.Logs.SomeRows;

namespace Bifrost.Admin.Tests.Logs;

public sealed class OneTests
{
    [Fact]
    public async Task One_request_shows_how_its_cost_came_about_and_who_its_ids_are()
    {
        await using var admin = await AnAdmin.OpenAsync();
        var team = await admin.MadeAsync("teams", "team", """{"name": "Research"}""");
        await ListTests.AddAsync(admin, Chat("a") with { TeamId = team, CustomerId = "gone" });

        var row = (await admin.GetAsync("/api/logs/a")).Json;

        Assert.Equal(0.00000015m, row["cost_lines"]![0]!["unit_price"]!.GetValue<decimal>());
        Assert.Equal(0.00015m, row["cost_lines"]![0]!["amount"]!.GetValue<decimal>());
        Assert.Equal("Research", row["names"]!["team"]!.GetValue<string>());
        Assert.Null(row["names"]!["customer"]);
        Assert.False(row.AsObject().ContainsKey("payload"));
    }

    [Fact]
    public async Task What_was_said_comes_only_when_it_is_asked_for()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await admin.Log.Store.AppendAsync([Chat("a") with { HasPayload = true }, Chat("b")], [Said(Chat("a"), "hello")], default);

        Assert.DoesNotContain("hello", (await admin.GetAsync("/api/logs/a")).Text, StringComparison.Ordinal);
        var payload = (await admin.GetAsync("/api/logs/a?payload=true")).Json["payload"]!;
        Assert.Equal("""{"prompt":"hello"}""", payload["request"]!.GetValue<string>());
        Assert.Equal("fine", payload["response"]!.GetValue<string>());
        Assert.False(payload["truncated"]!.GetValue<bool>());
        var none = (await admin.GetAsync("/api/logs/b?payload=true")).Json.AsObject();
        Assert.True(none.ContainsKey("payload"));
        Assert.Null(none["payload"]);
        Assert.Equal(400, (await admin.GetAsync("/api/logs/a?payload=please")).Status);
    }

    [Fact]
    public async Task Previews_have_what_was_asked_last_in_each_request()
    {
        await using var admin = await AnAdmin.OpenAsync();
        await admin.Log.Store.AppendAsync(
            [Chat("a") with { HasPayload = true }, Chat("b"), Chat("c") with { HasPayload = true }],
            [Said(Chat("a"), "hello"), Said(Chat("c"), "good   evening")],
            default
        );

        var previews = (await admin.GetAsync("/api/logs/previews?ids=a,b,c,never")).Json["previews"]!.AsObject();

        Assert.Equal(["a=hello", "c=good evening"], previews.Select(p => $"{p.Key}={p.Value}").Order());
        Assert.Equal(400, (await admin.GetAsync("/api/logs/previews")).Status);
        Assert.Equal(400, (await admin.GetAsync($"/api/logs/previews?ids={string.Join(',', Enumerable.Range(0, 201))}")).Status);
    }

    [Theory]
    [InlineData(
        """{"messages":[{"role":"system","content":"be kind"},{"role":"user","content":"one"},{"role":"assistant","content":"two"}]}""",
        "one"
    )]
    [InlineData(
        """{"messages":[{"role":"user","content":[{"type":"text","text":"what is"},{"type":"image_url","image_url":{}}]}]}""",
        "what is [picture]"
    )]
    [InlineData("""{"messages":[{"role":"assistant","tool_calls":[{}]}]}""", "[call]")]
    [InlineData(
        """{"input":[{"role":"user","content":[{"type":"input_text","text":"deep"}]},{"type":"function_call_output","output":"7"}]}""",
        "deep"
    )]
    [InlineData("""{"input":[{"type":"function_call_output","output":"7"}]}""", "7")]
    [InlineData("""{"input":["red","blue"]}""", "red blue")]
    [InlineData("""{"instructions":"be kind"}""", "be kind")]
    [InlineData("""{"messages":[{"role":"user","content":"first"},{"role":"user","content":"cut he""", "cut he")]
    [InlineData("[1]", "")]
    [InlineData("", "")]
    public void A_preview_finds_the_last_thing_asked_whatever_the_form(string request, string preview) =>
        Assert.Equal(preview, Preview.Of(new LogPayload("a", 0, Encoding.UTF8.GetBytes(request), default, "", false)));

    [Fact]
    public async Task A_request_that_is_not_there_is_404() =>
        await WithAsync(async admin =>
        {
            var answer = await admin.GetAsync("/api/logs/nobody");
            Assert.Equal(404, answer.Status);
            Assert.Equal("There is no request \"nobody\".", answer.Message);
        });

    [Fact]
    public async Task Deleted_requests_are_gone_with_what_they_added() =>
        await WithAsync(async admin =>
        {
            await ListTests.AddAsync(admin, Chat("a"), Chat("b"));
            var answer = await admin.SendAsync("DELETE", "/api/logs", """{"ids": ["a", "never"]}""");
            Assert.Equal(1, answer.Json["deleted"]!.GetValue<int>());
            Assert.Equal("1 of 2 removed.", answer.Json["message"]!.GetValue<string>());
            Assert.Equal(404, (await admin.GetAsync("/api/logs/a")).Status);
            Assert.Equal(1, (await admin.GetAsync("/api/logs/stats")).Json["total_requests"]!.GetValue<int>());
        });

    [Theory]
    [InlineData("""{"ids": []}""", "ids: is empty.")]
    [InlineData("""{}""", "ids: is missing.")]
    [InlineData("""{"ids": "a"}""", "ids: is a string. Write a list of strings.")]
    [InlineData("""{"id": ["a"], "ids": ["a"]}""", "id: there is no such field here. Did you mean `ids`?")]
    public async Task Nothing_is_deleted_by_mistake(string body, string mistake) =>
        await WithAsync(async admin =>
        {
            await ListTests.AddAsync(admin, Chat("a"));
            var answer = await admin.SendAsync("DELETE", "/api/logs", body);
            Assert.Equal(400, answer.Status);
            Assert.Equal(mistake, Assert.Single(answer.Mistakes));
            Assert.Equal(200, (await admin.GetAsync("/api/logs/a")).Status);
        });

    [Fact]
    public async Task Everything_that_matches_is_added_up() =>
        await WithAsync(async admin =>
        {
            await ListTests.AddFourAsync(admin);
            var stats = (await admin.GetAsync("/api/logs/stats?providers=openai")).Json;
            Assert.Equal((3, 1, 1, 1), Counts(stats));
            Assert.Equal(33.333m, stats["success_rate"]!.GetValue<decimal>());
            Assert.Equal(1100 + 5100, stats["total_tokens"]!.GetValue<int>());
            Assert.Equal(0.00021m, stats["total_cost"]!.GetValue<decimal>());
            Assert.Equal(1, stats["missing_cost_count"]!.GetValue<int>());
            Assert.InRange(stats["latency"]!["p95"]!.GetValue<decimal>(), 495, 505);
            Assert.Equal(400, (await admin.GetAsync("/api/logs/stats?limit=1")).Status);
        });

    [Fact]
    public async Task What_is_missing_is_told_by_reason() =>
        await WithAsync(async admin =>
        {
            var dropped = (await admin.GetAsync("/api/logs/dropped")).Json;
            Assert.Equal(0, dropped["dropped_requests"]!.GetValue<int>());
            Assert.Equal(
                ["queue_full", "refused", "stopped", "not_redacted"],
                dropped["by_reason"]!
                    .AsObject()
                    .Select(r => r.Key)
                    .Where(r => r is "queue_full" or "refused" or "stopped" or "not_redacted")
            );
        });

    private static (int, int, int, int) Counts(JsonNode stats) =>
        (
            stats["total_requests"]!.GetValue<int>(),
            stats["success_count"]!.GetValue<int>(),
            stats["error_count"]!.GetValue<int>(),
            stats["cancelled_count"]!.GetValue<int>()
        );

    private static async Task WithAsync(Func<AnAdmin, Task> test)
    {
        await using var admin = await AnAdmin.OpenAsync();
        await test(admin);
    }
}
