using BenchmarkDotNet.Attributes;
using Bifrost.Core;
using Bifrost.Observability.Metrics;

namespace Bifrost.Benchmarks.Observability;

/// <summary>What counting an exchange costs its request: at its beginning and at its end.</summary>
[MemoryDiagnoser]
public class MetricsBenchmarks
{
    private readonly MetricsSettler _metrics = new();
    private Exchange _exchange = null!;

    [GlobalSetup]
    public async Task OpenAsync() => _exchange = await AChat.AnsweredAsync();

    [Benchmark]
    public void GreetAndSettle()
    {
        _metrics.Greet(_exchange);
        _metrics.Settle(_exchange);
    }
}
