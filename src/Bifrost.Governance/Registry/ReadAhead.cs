using System.Collections.Concurrent;

namespace Bifrost.Governance.Registry;

/// <summary>Lets one thread fetch while another makes something of what came: with very many things each is about half of the work.</summary>
internal static class ReadAhead
{
    private const int Batch = 256;
    private const int BatchesAhead = 4;

    /// <summary>Returns when everything that was fetched has been taken. What either side throws ends both and is thrown on.</summary>
    /// <param name="fetch">Shows things one at a time; ends early when its token is cancelled.</param>
    /// <param name="take">Called for one thing at a time, in the order in which they were shown.</param>
    /// <param name="cancel">Stops both.</param>
    public static async Task RunAsync<T>(Func<Action<T>, CancellationToken, Task> fetch, Action<T> take, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        using var waiting = new BlockingCollection<List<T>>(BatchesAhead);
        var taking = Task.Run(() => Take(waiting, take, stop), CancellationToken.None);
        var batch = new List<T>(Batch);
        try
        {
            await fetch(See, stop.Token);
            waiting.Add(batch, stop.Token);
        }
        catch
        {
            waiting.CompleteAdding();
            // What this throws comes first: it is why the fetching was stopped.
            await taking;
            throw;
        }

        waiting.CompleteAdding();
        await taking;

        void See(T thing)
        {
            batch.Add(thing);
            if (batch.Count == Batch)
            {
                waiting.Add(batch, stop.Token);
                batch = new List<T>(Batch);
            }
        }
    }

    private static void Take<T>(BlockingCollection<List<T>> waiting, Action<T> take, CancellationTokenSource stop)
    {
        try
        {
            foreach (var batch in waiting.GetConsumingEnumerable(stop.Token))
            {
                batch.ForEach(take);
            }
        }
        catch
        {
            stop.Cancel();
            throw;
        }
    }
}
