using Bifrost.Core.Accept;

namespace Bifrost.Core.Deliver;

/// <summary>Holds a whole answer back until its usage is known, because its cost belongs into the headers.</summary>
internal static class HeldAnswer
{
    /// <summary>An answer beyond this goes out as it comes, without its cost.</summary>
    private const int MaxBytes = 8 << 20;

    /// <summary>False: the answer is too long; what was read is written, and the rest must follow.</summary>
    public static async ValueTask<bool> TrySendAsync(Exchange exchange, Stream from, UsageTap tap)
    {
        using var held = new PooledBuffer(16384);
        var idle = TimeSpan.FromSeconds(exchange.Target!.Provider.Network.StreamIdleTimeoutSeconds);
        var deadline = exchange.Deadline!;
        var over = false;
        while (!over && held.Length < MaxBytes)
        {
            deadline.CancelAfter(idle);
            var read = await from.ReadAsync(held.GetMemory(16384), deadline.Token);
            over = read == 0;
            held.Advance(read);
        }

        deadline.CancelAfter(Timeout.InfiniteTimeSpan);
        tap.See(held.Memory.Span);
        exchange.AnswerCopy?.Write(held.Memory.Span);
        exchange.FirstByte = exchange.Elapsed;
        if (over)
        {
            tap.End();
            exchange.Usage = tap.Usage;
            exchange.OutputBytes = tap.OutputBytes;
            CostHeaders.Write(exchange);
        }

        await exchange.Http.Response.Body.WriteAsync(held.Memory, exchange.CallerLeft);
        exchange.ResponseBytes += held.Length;
        return over;
    }
}
