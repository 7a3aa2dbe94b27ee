using System.Text;
using Bifrost.Core.World;
using Bifrost.Observability.RequestLog;
using Bifrost.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Bifrost.Observability.Tests.RequestLog;

/// <summary>A request log on a store of a test's own.</summary>
internal sealed class ALog : IAsyncDisposable
{
    public static readonly RequestLogOptions Quick = new()
    {
        BatchDelay = TimeSpan.FromMilliseconds(5),
        FirstRetry = TimeSpan.FromMilliseconds(2),
        LongestRetry = TimeSpan.FromMilliseconds(10),
    };

    public ALog(AStore? store = null, RequestLogOptions? options = null, LogConfig? policy = null)
    {
        Store = store ?? new AStore();
        Client = new ClientConfig { Log = policy ?? new LogConfig() };
        Log = Observability.RequestLog.RequestLog.Start(Store, options ?? Quick, TimeProvider.System, NullLogger.Instance);
    }

    public AStore Store { get; }

    public ClientConfig Client { get; }

    public Observability.RequestLog.RequestLog Log { get; }

    /// <summary>Settles an exchange as the corridor does.</summary>
    public void Take(AnEndedExchange exchange)
    {
        var built = (exchange with { Client = Client }).Build(Log);
        Log.Settle(built);
        built.TakeAnswerCopy()?.Dispose();
    }

    public void Take(int times, AnEndedExchange? exchange = null)
    {
        for (var i = 0; i < times; i++)
        {
            Take(exchange ?? new AnEndedExchange());
        }
    }

    public Task FlushAsync() => Log.FlushAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);

    /// <summary>The only row there is, after all is written.</summary>
    public async Task<LogRow> OnlyRowAsync()
    {
        await FlushAsync();
        return await Store.OnlyAsync();
    }

    /// <summary>What was kept of the only exchange; null: nothing.</summary>
    public async Task<(string Request, string Answer, LogPayload Payload)?> OnlyContentAsync()
    {
        var row = await OnlyRowAsync();
        var payload = await Store.PayloadAsync(row.Id, CancellationToken.None);
        Assert.Equal(row.HasPayload, payload is not null);
        return payload is null
            ? null
            : (Encoding.UTF8.GetString(payload.Request.Span), Encoding.UTF8.GetString(payload.Response.Span), payload);
    }

    public ValueTask DisposeAsync()
    {
        Store.Open();
        return Log.DisposeAsync();
    }
}
