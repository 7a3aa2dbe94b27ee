using BenchmarkDotNet.Attributes;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Observability.RequestLog;

namespace Bifrost.Benchmarks.Observability;

/// <summary>What the request log costs a request: taking it down and putting it into the queue. The same thread takes it out again and throws it away, so
/// that no writer's work is among the figures; that is <see cref="LogWriterBenchmarks"/>. To stay under 3 µs.</summary>
[MemoryDiagnoser]
public class RequestLogBenchmarks : IDisposable
{
    private readonly LogQueue _queue = new(new RequestLogOptions());
    private readonly LogPolicy _policy = new(new LogConfig());
    private Exchange _exchange = null!;

    [GlobalSetup]
    public async Task OpenAsync() => _exchange = await AChat.AnsweredAsync();

    /// <summary>A row.</summary>
    [Benchmark(Baseline = true)]
    public void Row()
    {
        _queue.TryReserve();
        _queue.Add(LogDraft.Of(_exchange, _policy));
        Forget();
    }

    /// <summary>A row, and what was asked and answered.</summary>
    [Benchmark]
    public void RowAndContent()
    {
        var answer = new ContentCopy(_policy.MaxContentBytes);
        answer.Write(AChat.Answer);
        _queue.TryReserve();
        var draft = LogDraft.Of(_exchange, _policy);
        draft.Request = RequestCopy.Of(_exchange, _policy.MaxContentBytes);
        draft.Answer = answer;
        draft.ContentBytes = draft.Request!.Held + answer.Held;
        _queue.TryReserveContent(draft.ContentBytes);
        _queue.Add(draft);
        Forget();
    }

    /// <summary>Its wake-up.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _queue.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Forget()
    {
        if (_queue.TryTake(out var draft))
        {
            var bytes = draft.ContentBytes;
            draft.DropContent();
            _queue.GiveBack(1, bytes);
        }
    }
}
