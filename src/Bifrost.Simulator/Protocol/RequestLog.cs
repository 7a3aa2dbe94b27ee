namespace Bifrost.Simulator;

/// <summary>The last requests, oldest first.</summary>
internal sealed class RequestLog(int kept)
{
    private const long KeptBytes = 256_000_000;
    private readonly Lock gate = new();
    private readonly Queue<RecordedRequest> requests = new();
    private long bytes;

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
            bytes += request.Body.Length;
            while (requests.Count > kept || (requests.Count > 1 && bytes > KeptBytes))
            {
                bytes -= requests.Dequeue().Body.Length;
            }
        }
    }

    public void Clear()
    {
        lock (gate)
        {
            requests.Clear();
            bytes = 0;
        }
    }
}
