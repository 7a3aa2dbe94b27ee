using System.Globalization;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Benchmarks.Logs;

/// <summary>Rows as a busy gateway would write them, always the same for a seed.</summary>
/// <param name="world">Who asks whom.</param>
/// <param name="seed">Of chance.</param>
internal sealed class SyntheticRows(SyntheticWorld world, int seed)
{
    /// <summary>Of a hundred rows, how many have content.</summary>
    public const int WithContent = 2;

    private static readonly string[] Faults =
    [
        "upstream_rate_limited",
        "upstream_rate_limited",
        "timeout",
        "upstream_unavailable",
        "invalid_request",
        "budget_exceeded",
    ];

    private readonly Random _random = new(seed);
    private long _made;

    /// <param name="count">So many.</param>
    /// <param name="from">Unix microseconds, of the first.</param>
    /// <param name="to">Of the last.</param>
    public (List<LogRow> Rows, List<LogPayload> Payloads) Make(int count, long from, long to)
    {
        var (rows, payloads) = (new List<LogRow>(count), new List<LogPayload>());
        for (var at = 0; at < count; at++)
        {
            var row = Row(from + (long)((double)(to - from) / count * at));
            if (row.HasPayload)
            {
                payloads.Add(SyntheticText.Content(row.Id, row.At, _random));
            }

            rows.Add(row);
        }

        return (rows, payloads);
    }

    private LogRow Row(long at)
    {
        var key = world.Keys[world.KeyShares.Pick(_random)];
        var model = key.Uses[key.UseShares.Pick(_random)];
        var (status, fault) = Outcome();
        var streams = model.Operation is "chat_completion" or "responses" && _random.Next(5) < 2;
        var (keyId, keyName) = model.ProviderKeys[_random.Next(20) == 0 ? 1 : 0];
        var reads = status != LogStatus.Error;
        var input = reads ? Spread(400, 1.1) : 0;
        var output = reads && model.Operation is "chat_completion" or "responses" ? Spread(180, 1.0) : 0;
        var latency = (long)(120_000 * Math.Exp(0.5 * Normal())) + (output * 9000);
        var cost = model.InputPrice is { } read && model.OutputPrice is { } written ? (input * read) + (output * written) : (long?)null;
        return new LogRow
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{seed:x4}{_made++:x12}{_random.NextInt64():x16}"),
            At = at,
            Operation = model.Operation,
            Status = status,
            HttpStatus = status == LogStatus.Error ? 502 : 200,
            Fault = fault,
            Culprit = fault is null ? null : "target",
            Message = fault is null ? null : $"{model.Provider} answered with an error: {fault}.",
            Lane = model.Lane,
            Streamed = streams,
            VirtualKeyId = key.Id,
            VirtualKeyName = key.Name,
            TeamId = key.Team,
            BusinessUnitId = key.Unit,
            CustomerId = key.Customer,
            UserId = key.User,
            Provider = model.Provider,
            ProviderKeyId = keyId,
            ProviderKeyName = keyName,
            AskedModel = $"{model.Provider}/{model.Name}",
            SentModel = model.Name,
            AnsweredModel = reads ? model.Name + "-2026-01-01" : null,
            UpstreamId = reads ? string.Create(CultureInfo.InvariantCulture, $"chatcmpl-{_random.NextInt64():x16}") : null,
            Attempts = status == LogStatus.Error ? [new LogAttempt(model.Provider, model.Name, keyName, fault!, latency / 2)] : [],
            InputTokens = input,
            OutputTokens = output,
            CachedReadTokens = _random.Next(4) == 0 ? input / 2 : 0,
            ReasoningTokens = _random.Next(10) == 0 ? output / 3 : 0,
            Images = model.Operation == "image_generation" && reads ? 1 : 0,
            Cost = reads ? cost : 0,
            PriceVersion = reads && cost is not null ? "2026-01-01" : null,
            CostLines =
                reads && cost is not null
                    ? string.Create(CultureInfo.InvariantCulture, $$"""[{"kind":"input","quantity":{{input}},"amount":{{cost}}}]""")
                    : null,
            Latency = latency,
            FirstByte = status == LogStatus.Error ? null : latency / 4,
            Accepted = 80 + _random.Next(100),
            Planned = 20 + _random.Next(30),
            Waited = latency / 4,
            Chunks = streams ? output : 0,
            RequestBytes = input * 4,
            ResponseBytes = (output * 5) + 400,
            Metadata = Metadata(),
            HasPayload = _random.Next(100) < WithContent,
        };
    }

    private (LogStatus, string?) Outcome() =>
        _random.Next(1000) switch
        {
            < 1 => (LogStatus.Error, "gateway_fault"),
            < 30 => (LogStatus.Error, Faults[_random.Next(Faults.Length)]),
            < 40 => (LogStatus.Cancelled, "caller_left"),
            _ => (LogStatus.Success, null),
        };

    private KeyValuePair<string, string>[] Metadata() =>
        _random.Next(10) switch
        {
            < 2 => [new("project", Project()), new("environment", _random.Next(4) == 0 ? "staging" : "production")],
            < 4 => [new("project", Project())],
            4 => [new("session", string.Create(CultureInfo.InvariantCulture, $"s{_random.Next(100_000)}"))],
            _ => [],
        };

    private string Project() => string.Create(CultureInfo.InvariantCulture, $"p{(int)(100 * Math.Pow(_random.NextDouble(), 3))}");

    private long Spread(double middle, double width) => 1 + (long)(middle * Math.Exp(width * Normal()));

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
