using System.Globalization;
using System.Text.Json.Nodes;
using Bifrost.EndToEnd.Tests.Clients;
using Bifrost.Observability.RequestLog;
using Bifrost.Storage;
using Bifrost.Storage.Logs;
using Bifrost.Testing;
using Bifrost.Testing.Governed;
using Bifrost.Testing.Stores;

namespace Bifrost.EndToEnd.Tests.Logs;

/// <summary>What was exported as Parquet, read by hyparquet: another implementation, in another language, than the one that wrote it.</summary>
public sealed class ParquetTests : IAsyncLifetime
{
    private const long Moment = 1_795_348_800_123_456;
    private GovernedGateway _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        await JavaScriptClient.Suite.PrepareAsync();
        _gateway = await AGateway.Governed().StartAsync(DatabaseKind.Sqlite);
        await _gateway.StopAsync();
        var file = Assert.Single(Directory.GetFiles(_gateway.Place.Folder, "logs.db"));
        await using (var log = await LogStore.OpenAsync(new SqliteSettings(file), new(), TimeProvider.System, CancellationToken.None))
        {
            await log.AppendAsync([Full, Bare], [Content], CancellationToken.None);
        }

        await _gateway.RestartAsync();
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Theory]
    [InlineData("")]
    [InlineData("&compression=gzip")]
    public async Task Another_implementation_reads_what_was_written(string more)
    {
        var read = await ReadAsync($"format=parquet{more}");
        var (full, bare) = (read["rows"]![0]!, read["rows"]![1]!);

        Assert.Equal("2026-11-22T12:00:00.123Z", (string)full["timestamp"]!);
        Assert.Equal("a", (string)full["request_id"]!);
        Assert.Equal("=HYPERLINK(\"x\"), ü \U0001F600", (string)full["message"]!);
        Assert.Equal("/v1/chat/completions", (string)full["endpoint"]!);
        Assert.Equal("POST", (string)full["method"]!);
        Assert.Equal("9007199254740993", (string)full["input_tokens"]!);
        Assert.Equal(12_345.678_901_234m, Exact(full["cost_usd"]!, 9));
        Assert.Equal(1234.567m, Exact(full["latency_ms"]!, 3));
        Assert.True((bool)full["stream"]!);
        Assert.Equal("""{"project":"x"}""", (string)full["metadata"]!);
        Assert.Equal("b", (string)bare["request_id"]!);
        foreach (var nothing in new[] { "cost_usd", "team_id", "message", "metadata", "time_to_first_byte_ms", "cost_lines", "fault" })
        {
            Assert.True(bare.AsObject().ContainsKey(nothing), nothing);
            Assert.Null(bare[nothing]);
        }

        Assert.False((bool)bare["stream"]!);
        Assert.False(full.AsObject().ContainsKey("request"));
    }

    [Fact]
    public async Task Types_say_what_values_are()
    {
        var columns = (await ReadAsync("format=parquet"))["columns"]!
            .AsArray()
            .ToDictionary(
                c => (string)c!["name"]!,
                c => $"{c!["type"]} {c["logical"]} {c["unit"]} {c["utc"]} {c["precision"]} {c["scale"]} {c["nullable"]}"
            );

        Assert.Equal("INT64 TIMESTAMP MICROS true   false", columns["timestamp"]);
        Assert.Equal("INT64 DECIMAL   18 9 true", columns["cost_usd"]);
        Assert.Equal("INT64 DECIMAL   18 3 true", columns["latency_ms"]);
        Assert.Equal("BOOLEAN      false", columns["stream"]);
        Assert.StartsWith("INT64 ", columns["input_tokens"], StringComparison.Ordinal);
        Assert.StartsWith("BYTE_ARRAY STRING", columns["team_id"], StringComparison.Ordinal);
        Assert.EndsWith("true", columns["team_id"], StringComparison.Ordinal);
        Assert.Equal(
            ["timestamp", "request_id", "customer_id", "provider", "model", "endpoint", "method", "status_code", "latency_ms"],
            columns.Keys.Take(9)
        );
    }

    [Fact]
    public async Task What_was_asked_and_answered_comes_when_it_is_wanted()
    {
        var rows = (await ReadAsync("format=parquet&payload=true"))["rows"]!;

        Assert.Equal("""{"prompt":"ü"}""", (string)rows[0]!["request"]!);
        Assert.Equal("answer", (string)rows[0]!["response"]!);
        Assert.Null(rows[1]!["request"]);
    }

    private static LogRow Bare { get; } =
        new()
        {
            Id = "b",
            At = Moment + 1,
            Operation = "embedding",
            Status = LogStatus.Success,
        };

    private static LogRow Full { get; } =
        Bare with
        {
            Id = "a",
            At = Moment,
            Operation = "chat_completion",
            Status = LogStatus.Error,
            Streamed = true,
            TeamId = "team",
            Fault = "timeout",
            Message = "=HYPERLINK(\"x\"), ü \U0001F600",
            InputTokens = 9_007_199_254_740_993,
            Cost = 12_345_678_901_234,
            Latency = 1_234_567,
            FirstByte = 1,
            Metadata = [new("project", "x")],
            HasPayload = true,
        };

    private static LogPayload Content { get; } =
        new("a", Moment, System.Text.Encoding.UTF8.GetBytes("""{"prompt":"ü"}"""), "answer"u8.ToArray(), "ü answer", false);

    /// <summary>What is exact in the file becomes a binary fraction in JavaScript.</summary>
    private static decimal Exact(JsonNode number, int decimals) =>
        decimal.Round(decimal.Parse(number.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture), decimals);

    private async Task<JsonNode> ReadAsync(string query)
    {
        var file = Path.Combine(_gateway.Place.Folder, $"{Guid.NewGuid():N}.parquet");
        await using (var written = File.Create(file))
        {
            await using var export = await _gateway.Http.GetStreamAsync(new Uri(_gateway.Address, $"/api/logs/export?{query}"));
            await export.CopyToAsync(written);
        }

        var run = await Tool.RunAsync("node", ["parquet.mjs", file], Checkout.Clients, TimeSpan.FromSeconds(60));
        Assert.NotNull(run);
        Assert.True(run.ExitCode == 0, run.Told);
        return JsonNode.Parse(run.Output)!;
    }
}
