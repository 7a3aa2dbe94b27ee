using Bifrost.Core.Threads;

namespace Bifrost.Core.Tests.Threads;

public sealed class PoolSchedulerTests
{
    [Fact]
    public async Task Work_goes_on_on_the_pool_wherever_its_waits_end()
    {
        var socket = new TaskCompletionSource();
        var waits = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var work = PoolScheduler.RunAsync(async () =>
        {
            var before = Thread.CurrentThread.IsThreadPoolThread;
            waits.SetResult();
            // Not the pool's own way of going on: that is what is asked about.
            await socket.Task;
            return (before, after: Thread.CurrentThread.IsThreadPoolThread);
        });
        await waits.Task;
        CompleteOnAThreadOfItsOwn(socket);

        Assert.Equal((true, true), await work);
    }

    [Fact]
    public async Task A_hop_leaves_the_thread_of_the_sockets()
    {
        // Often enough that a hop which is over before it is waited for would show.
        for (var hop = 0; hop < 200; hop++)
        {
            var landed = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            new Thread(() => _ = HopAsync(landed)) { IsBackground = true }.Start();
            Assert.True(await landed.Task);
        }

        static async Task HopAsync(TaskCompletionSource<bool> landed)
        {
            await PoolScheduler.HopAsync();
            landed.SetResult(Thread.CurrentThread.IsThreadPoolThread);
        }
    }

    private static void CompleteOnAThreadOfItsOwn(TaskCompletionSource socket) =>
        new Thread(() =>
        {
            // Until the work really waits, or its continuation is never run here.
            Thread.Sleep(50);
            socket.SetResult();
        })
        {
            IsBackground = true,
        }.Start();
}
