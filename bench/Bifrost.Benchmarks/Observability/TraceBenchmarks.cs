using BenchmarkDotNet.Attributes;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Observability.Traces;

namespace Bifrost.Benchmarks.Observability;

/// <summary>What traces cost a request with one try: both spans begun, told to the provider, written and handed to the queue. The exporter's own thread is
/// not among the figures; nobody listens where it sends to, and what the queue has no room for is dropped.</summary>
[MemoryDiagnoser]
public class TraceBenchmarks
{
    private static readonly Uri Nobody = new("http://127.0.0.1:9/v1/traces");

    private readonly HttpRequestMessage _upstream = new();
    private Tracer _recorded = null!;
    private Tracer _unrecorded = null!;
    private Exchange _exchange = null!;
    private Target _target = null!;

    [GlobalSetup]
    public async Task OpenAsync()
    {
        _recorded = new Tracer(new TraceOptions { Collector = Nobody });
        _unrecorded = new Tracer(new TraceOptions { Collector = Nobody, SampleRatio = 0 });
        _exchange = await AChat.AnsweredAsync();
        _target = _exchange.Target!;
    }

    [GlobalCleanup]
    public void Close()
    {
        _recorded.Dispose();
        _unrecorded.Dispose();
        _upstream.Dispose();
    }

    /// <summary>Nothing is traced: the questions that the corridor asks.</summary>
    [Benchmark(Baseline = true)]
    public void Off()
    {
        _exchange.Trace = null;
        _exchange.Trace?.Trying(_exchange, _target);
        _exchange.Trace?.WriteTo(_upstream.Headers);
    }

    /// <summary>Traced, and this one is not among those that are recorded.</summary>
    [Benchmark]
    public void Unrecorded() => Trace(_unrecorded);

    [Benchmark]
    public void Recorded() => Trace(_recorded);

    private void Trace(Tracer tracer)
    {
        tracer.Greet(_exchange);
        _exchange.Trace!.Trying(_exchange, _target);
        _exchange.Trace!.WriteTo(_upstream.Headers);
        tracer.Settle(_exchange);
    }
}
