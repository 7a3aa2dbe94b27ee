using System.Diagnostics;

namespace Bifrost.Observability.Metrics;

/// <summary>What the process and its runtime take, under the names that Prometheus' own clients use where there is one.</summary>
internal static class ProcessMetrics
{
    public static void Write(ExpositionWriter writer)
    {
        using (var process = Process.GetCurrentProcess())
        {
            Counter(writer, "process_cpu_seconds_total", "CPU time, user and system.", process.TotalProcessorTime.TotalSeconds);
            Gauge(writer, "process_resident_memory_bytes", "Memory that is resident.", process.WorkingSet64);
            Gauge(writer, "process_virtual_memory_bytes", "Memory that is mapped.", process.VirtualMemorySize64);
            Gauge(
                writer,
                "process_start_time_seconds",
                "When the process started, since 1970.",
                new DateTimeOffset(process.StartTime).ToUnixTimeMilliseconds() / 1000d
            );
            Gauge(writer, "process_threads", "Threads of the operating system.", process.Threads.Count);
        }

        if (Directory.Exists("/proc/self/fd"))
        {
            Gauge(writer, "process_open_fds", "Open files and sockets.", Directory.GetFileSystemEntries("/proc/self/fd").Length);
        }

        writer.Family("dotnet_gc_collections_total", MetricType.Counter, "Garbage collections by generation.");
        for (var generation = 0; generation <= GC.MaxGeneration; generation++)
        {
            writer.Sample(LabelText.Of(("generation", ExchangeKey.Text(generation))).Bytes, GC.CollectionCount(generation));
        }

        Counter(
            writer,
            "dotnet_gc_pause_seconds_total",
            "Time that the program stood still for garbage collections.",
            GC.GetTotalPauseDuration().TotalSeconds
        );
        Counter(writer, "dotnet_gc_allocated_bytes_total", "Memory that was ever allocated.", GC.GetTotalAllocatedBytes());
        Gauge(writer, "dotnet_gc_heap_size_bytes", "Memory on the managed heap.", GC.GetTotalMemory(forceFullCollection: false));
        Gauge(writer, "dotnet_threadpool_threads", "Threads of the pool.", ThreadPool.ThreadCount);
        Gauge(writer, "dotnet_threadpool_queue_length", "Work that waits for a thread.", ThreadPool.PendingWorkItemCount);
        Counter(writer, "dotnet_threadpool_completed_items_total", "Work that the pool has done.", ThreadPool.CompletedWorkItemCount);
        Counter(writer, "dotnet_lock_contentions_total", "Times that a lock had to be waited for.", Monitor.LockContentionCount);
    }

    private static void Counter(ExpositionWriter writer, string name, string help, double value)
    {
        writer.Family(name, MetricType.Counter, help);
        writer.Sample(default, value);
    }

    private static void Gauge(ExpositionWriter writer, string name, string help, double value)
    {
        writer.Family(name, MetricType.Gauge, help);
        writer.Sample(default, value);
    }
}
