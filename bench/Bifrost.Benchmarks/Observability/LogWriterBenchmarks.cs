using BenchmarkDotNet.Attributes;
using Bifrost.Core;
using Bifrost.Core.Contracts;
using Bifrost.Core.World;
using Bifrost.Observability.RequestLog;
using Bifrost.Storage;
using Bifrost.Storage.Logs;

namespace Bifrost.Benchmarks.Observability;

/// <summary>What the request log costs behind the queue, for one row: making it, and bringing it to SQLite in batches. No request waits for it, but it is
/// CPU all the same.</summary>
[MemoryDiagnoser]
public class LogWriterBenchmarks
{
    private const int Batch = 1000;

    private readonly LogPolicy _policy = new(new LogConfig());
    private Exchange _exchange = null!;
    private string _folder = "";
    private LogStore _store = null!;
    private LogRow _row = null!;
    private LogPayload _payload = null!;
    private long _next;

    [GlobalSetup]
    public async Task OpenAsync()
    {
        _folder = Directory.CreateTempSubdirectory("bifrost-log-").FullName;
        _store = await LogStore.OpenAsync(
            new SqliteSettings(Path.Combine(_folder, "logs.db")),
            new LogStoreOptions(),
            TimeProvider.System,
            default
        );
        _exchange = await AChat.AnsweredAsync();
        _row = RowMaking.Make(LogDraft.Of(_exchange, _policy));
        using var answer = AnswerCopy();
        _payload = Content(answer)!;
    }

    [Benchmark]
    public object Make() => RowMaking.Make(LogDraft.Of(_exchange, _policy));

    [Benchmark]
    public object? MakeContent()
    {
        using var answer = AnswerCopy();
        return Content(answer);
    }

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task StoreAsync() => AppendAsync(withContent: false);

    [Benchmark(OperationsPerInvoke = Batch)]
    public Task StoreWithContentAsync() => AppendAsync(withContent: true);

    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static ContentCopy AnswerCopy()
    {
        var answer = new ContentCopy(64 << 10);
        answer.Write(AChat.Answer);
        return answer;
    }

    private LogPayload? Content(ContentCopy answer)
    {
        var draft = LogDraft.Of(_exchange, _policy);
        using var request = RequestCopy.Of(_exchange, 64 << 10);
        (draft.Request, draft.Answer) = (request, answer);
        return ContentMaking.Make(draft, "id");
    }

    private async Task AppendAsync(bool withContent)
    {
        var rows = new List<LogRow>(Batch);
        var payloads = new List<LogPayload>();
        for (var i = 0; i < Batch; i++)
        {
            // As far apart as at 10,000 requests a second.
            var row = _row with
            {
                Id = Guid.NewGuid().ToString("N"),
                At = _row.At + 100 * _next++,
                HasPayload = withContent,
            };
            rows.Add(row);
            if (withContent)
            {
                payloads.Add(_payload with { Id = row.Id, At = row.At });
            }
        }

        await _store.AppendAsync(rows, payloads, CancellationToken.None);
    }
}
