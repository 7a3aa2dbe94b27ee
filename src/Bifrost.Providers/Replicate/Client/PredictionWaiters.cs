using System.Collections.Concurrent;
using Bifrost.Wire.Dialects.Replicate;

namespace Bifrost.Providers.Replicate;

/// <summary>Who waits for which prediction, so that a webhook can end the waiting before the next poll would. Thread-safe.</summary>
internal sealed class PredictionWaiters
{
    private readonly ConcurrentDictionary<string, Waiter> _byId = new(StringComparer.Ordinal);

    public int Count => _byId.Count;

    /// <summary>True when somebody waited. A prediction that is not terminal, or is known already, changes nothing.</summary>
    public bool Complete(string id, Prediction prediction) =>
        prediction.IsTerminal && _byId.TryGetValue(id, out var waiter) && waiter.Completion.TrySetResult(prediction);

    /// <summary>Starts waiting; dispose of it to stop.</summary>
    internal Waiter Add(string id) => _byId.AddOrUpdate(id, i => new Waiter(this, i), (_, there) => there.Shared());

    internal sealed class Waiter(PredictionWaiters owner, string id) : IDisposable
    {
        private int _holders = 1;

        public TaskCompletionSource<Prediction> Completion { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose()
        {
            if (Interlocked.Decrement(ref _holders) == 0)
            {
                owner._byId.TryRemove(new KeyValuePair<string, Waiter>(id, this));
            }
        }

        internal Waiter Shared()
        {
            Interlocked.Increment(ref _holders);
            return this;
        }
    }
}
