using System.Runtime.CompilerServices;

namespace Bifrost.Core.Threads;

/// <summary>Keeps work off the threads that wait for the sockets. The corridor runs on those and must never block (decision 0020); pages, the management
/// API and the databases may take their time. What is started here goes on, after each of its own awaits, on threads of the pool. Thread-safe.</summary>
public sealed class PoolScheduler : TaskScheduler
{
    private static readonly PoolScheduler Instance = new();

    private PoolScheduler() { }

    public static Task RunAsync(Func<Task> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Instance).Unwrap();

    public static Task<T> RunAsync<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, Instance).Unwrap();

    /// <summary>Work that keeps its thread while it waits gets one of its own: the pool has as many as there are CPUs, and one more only every half second.</summary>
    public static Task<T> RunAloneAsync<T>(Func<Task<T>> work, CancellationToken cancel) =>
        Task.Factory.StartNew(work, cancel, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, Default).Unwrap();

    /// <summary>Goes on on a thread of the pool, until the next wait for a socket. To be awaited itself: a task around it could be over before its caller waits,
    /// who would then stay where he is.</summary>
    public static ConfiguredTaskAwaitable HopAsync() => Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

    protected override void QueueTask(Task task) =>
        ThreadPool.UnsafeQueueUserWorkItem(static task => Instance.TryExecuteTask(task), task, preferLocal: false);

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) =>
        Thread.CurrentThread.IsThreadPoolThread && TryExecuteTask(task);

    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
