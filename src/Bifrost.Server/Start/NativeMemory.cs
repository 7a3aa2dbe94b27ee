using System.Runtime.InteropServices;

namespace Bifrost.Server.Start;

/// <summary>Memory that is not the runtime's own: the databases' caches, TLS.</summary>
internal static partial class NativeMemory
{
    // https://www.gnu.org/software/libc/manual/html_node/Malloc-Tunable-Parameters.html; the number is in malloc.h.
    private const int MaxArenas = -8;

    /// <summary>
    /// Lets glibc keep one heap for each processor, where it would keep eight. Pool threads take turns at a database connection, and what each of them
    /// took for its cache would lie scattered over all heaps: after minutes of load a third more memory, and slowly growing for much longer
    /// (<c>bench/soak</c>). To be called before there are many threads.
    /// </summary>
    /// <returns>False: this system's library has nothing of the kind.</returns>
    public static bool KeepTogether()
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return Set(MaxArenas, Math.Max(2, Environment.ProcessorCount)) == 1;
        }
        catch (EntryPointNotFoundException)
        {
            // musl has one heap for all.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Set(int parameter, int value);
}
