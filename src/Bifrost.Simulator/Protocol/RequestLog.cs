namespace Bifrost.Simulator;

/// <summary>The last requests, oldest first.</summary>
internal sealed class RequestLog(int kept)
{
    private readonly Lock gate = new();
    private readonly Queue<RecordedRequest> requests = new();

    public IReadOnlyList<RecordedRequest> All
    {
        get
        {
            lock (gate)
            {
                return [.. requests];
            }
        }
    }

    public void Add(RecordedRequest request)
    {
        lock (gate)
        {
            requests.Enqueue(request);
            while (requests.Count > kept)
            {
                _ = requests.Dequeue();
            }
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            requests.Clear();
        }
    }
}
