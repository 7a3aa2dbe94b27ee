using System.Globalization;
using System.Text.Json.Nodes;
using Bifrost.Testing.Governed;

namespace Bifrost.Money.Tests;

/// <summary>What a gateway says of money, in each of the places where it says so.</summary>
internal sealed class Books(ManagementClient api)
{
    /// <summary>All entries of the ledger, the newest first.</summary>
    public async Task<List<Entry>> LedgerAsync()
    {
        var entries = new List<Entry>();
        string? after = null;
        do
        {
            var page = await ReadAsync($"/api/governance/ledger?limit=1000{(after is null ? "" : $"&after={after}")}");
            entries.AddRange(page["entries"]!.AsArray().Select(entry => Entry.Of(entry!)));
            after = (string?)page["next_after"];
        } while (after is not null);

        return entries;
    }

    /// <summary>All rows of the request log.</summary>
    public async Task<List<Row>> RowsAsync()
    {
        var rows = new List<Row>();
        string? after = null;
        do
        {
            var page = await ReadAsync($"/api/logs?limit=1000&stats=false{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}");
            rows.AddRange(page["logs"]!.AsArray().Select(row => Row.Of(row!)));
            after = (string?)page["pagination"]!["next_after"];
        } while (after is not null);

        return rows;
    }

    /// <summary>The roll-ups: what all rows add up to.</summary>
    public async Task<Sums> RollupsAsync()
    {
        var stats = await ReadAsync("/api/logs/stats");
        return new Sums((long)stats["prompt_tokens"]!, (long)stats["completion_tokens"]!, (decimal)stats["total_cost"]!);
    }

    /// <summary>The roll-ups, model by model.</summary>
    public async Task<Dictionary<string, Sums>> RollupsByModelAsync()
    {
        var groups = await ReadAsync("/api/logs/groups?by=model&limit=1000");
        return groups["groups"]!
            .AsArray()
            .ToDictionary(
                group => (string)group!["id"]!,
                group => new Sums((long)group!["prompt_tokens"]!, (long)group["completion_tokens"]!, (decimal)group["total_cost"]!)
            );
    }

    /// <summary>The counters of this life of the process.</summary>
    public async Task<Sums> MetricsAsync() =>
        new(
            (long)await MetricAsync("bifrost_input_tokens_total"),
            (long)await MetricAsync("bifrost_output_tokens_total"),
            await MetricAsync("bifrost_cost_total")
        );

    /// <summary>The sum of all series of a metric.</summary>
    public async Task<decimal> MetricAsync(string name)
    {
        var answer = await api.GetAsync("/metrics");
        answer.MustBe(200);
        return answer
            .Text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Length > name.Length && line[name.Length] is ' ' or '{')
            .Sum(line => decimal.Parse(line[(line.LastIndexOf(' ') + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture));
    }

    public async Task<JsonNode> DropsAsync() => await ReadAsync("/api/logs/dropped");

    private async Task<JsonNode> ReadAsync(string path)
    {
        var answer = await api.GetAsync(path);
        answer.MustBe(200);
        return answer.Json;
    }
}

/// <summary>Tokens and dollars.</summary>
internal readonly record struct Sums(long Input, long Output, decimal Cost)
{
    public static Sums operator +(Sums one, Sums other) => new(one.Input + other.Input, one.Output + other.Output, one.Cost + other.Cost);

    public static Sums Of(IEnumerable<Sums> all) => all.Aggregate(default(Sums), (sum, one) => sum + one);
}

internal sealed record Entry(string Id, string RequestId, string Outcome, string Model, string? KeyId, Sums Sums)
{
    /// <summary>What the caller called it, of ids that callers gave.</summary>
    public string Given => RequestId.LastIndexOf('~') is > 0 and var at ? RequestId[..at] : RequestId;

    public static Entry Of(JsonNode json) =>
        new(
            (string)json["id"]!,
            (string)json["request_id"]!,
            (string)json["outcome"]!,
            (string)json["sent_model"]!,
            (string?)json["virtual_key_id"],
            new Sums((long?)json["usage"]?["input_tokens"] ?? 0, (long?)json["usage"]?["output_tokens"] ?? 0, (decimal)json["cost"]!)
        );
}

internal sealed record Row(string Id, string Status, string? Model, bool Recovered, Sums Sums)
{
    public static Row Of(JsonNode json) =>
        new(
            (string)json["id"]!,
            (string)json["status"]!,
            (string?)json["model"],
            (bool)json["recovered"]!,
            new Sums(
                (long)json["token_usage"]!["prompt_tokens"]!,
                (long)json["token_usage"]!["completion_tokens"]!,
                (decimal?)json["cost"] ?? 0
            )
        );
}
