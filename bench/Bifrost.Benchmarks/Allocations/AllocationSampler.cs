using System.Collections.Concurrent;
using System.Diagnostics.Tracing;

namespace Bifrost.Benchmarks.Allocations;

/// <summary>
/// Adds up the runtime's allocation ticks, one for about each 100 KB allocated, by the type that was being allocated. A sample, good
/// to some per cent over a million allocations; it allocates itself, so the total is taken without it.
/// </summary>
internal sealed class AllocationSampler : EventListener
{
    private const EventKeywords GarbageCollection = (EventKeywords)0x1;
    private readonly ConcurrentDictionary<string, long> _bytesByType = new(StringComparer.Ordinal);
    private EventSource? _runtime;

    public IReadOnlyList<(string Type, long Bytes)> Largest(int count)
    {
        DisableRuntimeEvents();
        return [.. _bytesByType.OrderByDescending(pair => pair.Value).Take(count).Select(pair => (pair.Key, pair.Value))];
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
        {
            _runtime = eventSource;
            EnableEvents(eventSource, EventLevel.Verbose, GarbageCollection);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Called by the constructor of the base class too, before our fields are there.
        if (_bytesByType is null || eventData.EventName is not ("GCAllocationTick_V4" or "GCAllocationTick_V3" or "GCAllocationTick_V2"))
        {
            return;
        }

        var amount = eventData.PayloadNames!.IndexOf("AllocationAmount64");
        var type = eventData.PayloadNames.IndexOf("TypeName");
        var bytes = Convert.ToInt64(eventData.Payload![amount], System.Globalization.CultureInfo.InvariantCulture);
        _bytesByType.AddOrUpdate((string)eventData.Payload[type]!, bytes, (_, sum) => sum + bytes);
    }

    private void DisableRuntimeEvents()
    {
        if (_runtime is not null)
        {
            DisableEvents(_runtime);
        }
    }
}
