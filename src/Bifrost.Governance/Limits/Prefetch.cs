using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Bifrost.Governance.Limits;

/// <summary>Asks the processor for objects that will be read soon. What belongs to one of 100,000 virtual keys lies in slow memory, and to wait for one
/// object after the other is most of an admission; asked for at once, they arrive together. Only a hint: where there is no such instruction, nothing
/// happens.</summary>
internal static unsafe class Prefetch
{
    /// <summary>Bytes that the processor fetches at once.</summary>
    private const int Line = 64;

    /// <param name="soon">Not looked into here.</param>
    /// <param name="lines">How many lines it is long.</param>
    public static void Of(object? soon, int lines = 1)
    {
        if (!Sse.IsSupported)
        {
            return;
        }

        // If the collector moves the object in between, the wrong place is fetched, and nothing else is wrong.
        var at = *(byte**)Unsafe.AsPointer(ref soon);
        for (var line = 0; line < lines; line++)
        {
            Sse.Prefetch0(at + (line * Line));
        }
    }
}
