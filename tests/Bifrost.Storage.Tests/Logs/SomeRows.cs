using Bifrost.Observability.RequestLog;

namespace Bifrost.Storage.Tests.Logs;

/// <summary>Rows to put into a log.</summary>
internal static class SomeRows
{
    /// <summary>Noon of a day, in Unix microseconds.</summary>
    public const long Noon = 1_772_366_400_000_000;
    public const long Second = 1_000_000;
    public const long Minute = 60 * Second;
    public const long Hour = 60 * Minute;
    public const long Day = 24 * Hour;

    /// <summary>Every field says something, so that one that is lost is missed.</summary>
    public static LogRow Full(string id = "req-1", long at = Noon) =>
        new()
        {
            Id = id,
            At = at,
            Operation = "chat",
            Status = LogStatus.Error,
            HttpStatus = 502,
            Fault = "upstream_broke",
            Culprit = "target",
            Message = "The stream ended: \u2026 früh \U0001F600",
            Lane = "patched",
            Streamed = true,
            VirtualKeyId = "vk-1",
            VirtualKeyName = "Key one",
            TeamId = "team-1",
            BusinessUnitId = "unit-1",
            CustomerId = "customer-1",
            UserId = "user-1",
            Provider = "openai",
            ProviderKeyId = "pk-1",
            ProviderKeyName = "main",
            AskedModel = "fast",
            SentModel = "gpt-4o-mini",
            AnsweredModel = "gpt-4o-mini-2024",
            UpstreamId = "chatcmpl-1",
            Attempts = [new("azure", "gpt-4o", "backup", "timeout", 5_000_000), new("openai", "gpt-4o-mini", "main", "overloaded", 12)],
            FallbackIndex = 2,
            Cache = "semantic",
            InputTokens = 1,
            OutputTokens = 2,
            CachedReadTokens = 3,
            CachedWriteTokens = 4,
            ReasoningTokens = 5,
            AudioTokens = 6,
            Images = 7,
            VideoMilliseconds = 8,
            ComputeMilliseconds = 9,
            Cost = 9_007_199_254_740_993,
            Estimated = true,
            PriceVersion = "2026-03-01",
            CostLines = """[{"kind":"input"}]""",
            Latency = 1_234_567,
            FirstByte = 345_678,
            Accepted = 10,
            Planned = 11,
            Waited = 12,
            Chunks = 13,
            RequestBytes = 14,
            ResponseBytes = 15,
            Metadata = [new("project", "x"), new("trace", "ä\0b")],
            Notes = ["dropped: seed"],
            HasPayload = true,
        };

    /// <summary>Only what must be there.</summary>
    public static LogRow Bare(string id, long at = Noon) =>
        new()
        {
            Id = id,
            At = at,
            Operation = "chat",
            Status = LogStatus.Success,
        };

    /// <summary>Rows of some days, few values for each dimension, always the same for a seed.</summary>
    public static List<LogRow> Random(int seed, int count, long from, long to)
    {
        var random = new Random(seed);
        string? Maybe(string name, int kinds) => random.Next(kinds + 1) is var kind && kind == 0 ? null : $"{name}-{kind}";

        return Enumerable
            .Range(0, count)
            .Select(number =>
            {
                var status = (LogStatus)(random.Next(6) is var kind && kind < 2 ? kind + 1 : 0);
                return new LogRow
                {
                    Id = $"r{seed}-{number}",
                    // Some on the second, so that several fall on the same moment.
                    At = random.Next(3) == 0 ? random.NextInt64(from / Second, to / Second) * Second : random.NextInt64(from, to),
                    Operation = random.Next(5) == 0 ? "embedding" : "chat",
                    Status = status,
                    Fault = status == LogStatus.Error ? Maybe("fault", 2) : null,
                    Lane = Maybe("lane", 2),
                    Streamed = random.Next(2) == 0,
                    VirtualKeyId = Maybe("vk", 6),
                    TeamId = Maybe("team", 3),
                    BusinessUnitId = Maybe("unit", 2),
                    CustomerId = Maybe("customer", 2),
                    UserId = Maybe("user", 3),
                    Provider = Maybe("provider", 2),
                    ProviderKeyId = Maybe("pk", 2),
                    AskedModel = $"asked-{random.Next(3)}",
                    SentModel = Maybe("model", 3),
                    InputTokens = random.Next(1000),
                    OutputTokens = random.Next(5) == 0 ? 0 : random.Next(1000),
                    CachedReadTokens = random.Next(10),
                    ReasoningTokens = random.Next(10),
                    Images = random.Next(2),
                    Cost = random.Next(4) == 0 ? null : random.NextInt64(5_000_000_000),
                    Estimated = random.Next(5) == 0,
                    Latency = random.NextInt64(1, 1 + (1L << random.Next(1, 33))),
                    FirstByte = random.Next(3) == 0 ? null : random.NextInt64(1, 5_000_000),
                    Metadata = random.Next(3) == 0 ? [new("project", $"p{random.Next(3)}")] : [],
                };
            })
            .ToList();
    }
}
