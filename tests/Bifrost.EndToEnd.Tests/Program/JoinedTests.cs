using System.Text.Json.Nodes;
using Bifrost.Testing;
using Bifrost.Testing.Governed;
using Bifrost.Testing.Traces;

namespace Bifrost.EndToEnd.Tests.Program;

/// <summary>One request, found by one id in the answer, the gateway's log, the request log and the trace.</summary>
[Collection(ProcessTestGroup.Name)]
public sealed class JoinedTests
{
    [Fact]
    public async Task One_id_leads_from_the_answer_to_the_log_line_the_row_and_the_trace()
    {
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var collector = await OtlpReceiver.StartAsync();
        await using var bifrost = BifrostProcess.Start(
            ["--port", "0", "--log-level", "debug", "--log-style", "json"],
            ("OPENAI_API_KEY", "sk-upstream"),
            ("OPENAI_BASE_URL", upstream.Address.AbsoluteUri),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Http.AbsoluteUri),
            ("OTEL_EXPORTER_OTLP_HEADERS", "x-collector-key=c0ll3ct0r-s3cr3t")
        );
        var address = await bifrost.AddressAsync();
        using var http = new HttpClient { BaseAddress = address };

        using var response = await http.PostAsync(
            "/v1/chat/completions",
            new StringContent("""{"model":"openai/gpt-4o","messages":[{"role":"user","content":"Hello"}]}""", null, "application/json")
        );

        Assert.Equal(200, (int)response.StatusCode);
        var id = Assert.Single(response.Headers.GetValues("x-request-id"));
        await Eventually.IsTrueAsync(() => collector.Spans.Count == 2);
        var whole = collector.Spans.Single(s => s.Kind == 2);
        Assert.Equal(id, whole["bifrost.request.id"]);

        var row = await RowAsync(http, id);
        Assert.Equal(id, (string?)row["id"]);
        Assert.Equal(whole.TraceId, (string?)row["metadata"]!["trace_id"]);
        var found = JsonNode.Parse(await http.GetStringAsync($"/api/logs?metadata_trace_id={whole.TraceId}"))!;
        Assert.Equal(id, (string?)found["logs"]!.AsArray().Single()!["id"]);

        var line = Assert.Single(Lines(bifrost.Output), l => (string?)l["State"]?["RequestId"] == id);
        Assert.Equal(whole.TraceId, (string?)line["State"]!["TraceId"]);
        Assert.Equal("chat_completion", (string?)line["State"]!["Operation"]);
        Assert.Equal(10, (int)line["State"]!["InputTokens"]!);
        Assert.DoesNotContain("c0ll3ct0r-s3cr3t", bifrost.Output + bifrost.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/")]
    [InlineData("GET", "/health")]
    [InlineData("GET", "/nowhere")]
    [InlineData("GET", "/favicon.ico")]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/api/version")]
    [InlineData("GET", "/api/nowhere")]
    [InlineData("PATCH", "/api/logs")]
    [InlineData("GET", "/v1/models")]
    [InlineData("GET", "/v1/nowhere")]
    [InlineData("DELETE", "/v1/chat/completions")]
    [InlineData("POST", "/v1/chat/completions")]
    public async Task Every_answer_has_an_id_the_callers_own_where_it_is_plain(string method, string path)
    {
        await using var upstream = await MeteredUpstream.StartAsync();
        await using var gateway = await AGateway.Governed().Provider("openai", upstream).Client("{}").StartAsync(store: null);

        var own = await gateway.Api.SendAsync(method, path);
        var given = await gateway.Api.SendAsync(method, path, null, ("x-request-id", "from-the-caller"));
        var bad = await gateway.Api.SendAsync(method, path, null, ("x-request-id", "two words"));

        Assert.True(Guid.TryParse(own.Headers["x-request-id"], out _));
        Assert.Equal("from-the-caller", given.Headers["x-request-id"]);
        Assert.True(Guid.TryParse(bad.Headers["x-request-id"], out _));
    }

    private static async Task<JsonNode> RowAsync(HttpClient http, string id)
    {
        JsonNode? row = null;
        await Eventually.IsTrueAsync(async () =>
        {
            using var response = await http.GetAsync($"/api/logs/{id}");
            row = response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync()) : null;
            return row is not null;
        });
        return row!["log"] ?? row;
    }

    private static IEnumerable<JsonNode> Lines(string output) =>
        output.Split('\n').Where(l => l.StartsWith('{')).Select(l => JsonNode.Parse(l)!);
}
