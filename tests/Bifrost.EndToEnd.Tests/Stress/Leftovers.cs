using System.Diagnostics.Tracing;

namespace Bifrost.EndToEnd.Tests.Stress;

/// <summary>Counts what a process holds: open sockets, threads, and arrays taken from the shared pools and not given back.</summary>
internal sealed class Leftovers : EventListener
{
    private const int Rented = 1;
    private const int Returned = 3;
    private const string Descriptors = "/proc/self/fd";
    private long _arrays;

    /// <summary>Arrays out of the pools now, counted from this object's birth.</summary>
    public long Arrays => Interlocked.Read(ref _arrays);

    /// <summary>Open sockets of this process, or 0 where the system does not tell. Other files come and go as code is loaded.</summary>
    public static int Sockets => Directory.Exists(Descriptors) ? Directory.EnumerateFileSystemEntries(Descriptors).Count(IsSocket) : 0;

    public static int Threads
    {
        get
        {
            using var self = System.Diagnostics.Process.GetCurrentProcess();
            return self.Threads.Count;
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "System.Buffers.ArrayPoolEventSource")
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventId is Rented or Returned)
        {
            Interlocked.Add(ref _arrays, eventData.EventId == Rented ? 1 : -1);
        }
    }

    private static bool IsSocket(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) ?? false;
        }
        catch (IOException)
        {
            // Closed since the listing.
            return false;
        }
    }
}
