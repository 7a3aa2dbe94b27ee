using System.Text;

namespace Bifrost.Storage.Logs;

/// <summary>
/// A row's primary key, its place in time and the cursor of its page, in one number: microseconds since 2000 (negative before), and one of 4096 slots in each,
/// so that rows of one moment have an order too. The slot comes from the id; when it is taken, the next one free is.
/// </summary>
internal static class LogKey
{
    public const int Slots = 1 << SlotBits;
    private const int SlotBits = 12;
    private const long Epoch = 946_684_800_000_000;
    private const long Reach = 1L << 50;
    private const long Day = 86_400_000_000;

    /// <summary>The lowest key of a microsecond.</summary>
    public static long First(long at) => (Math.Clamp(at, Epoch - Reach, Epoch + Reach) - Epoch) << SlotBits;

    public static long Of(long at, string id) => First(at) | (long)(Hash(id) & (Slots - 1));

    /// <summary>The slot after this one, round about.</summary>
    public static long Next(long key) => (key & ~(Slots - 1L)) | ((key + 1) & (Slots - 1));

    public static long At(long key) => (key >> SlotBits) + Epoch;

    /// <summary>What a row is found by when only its id is known: the day, so that what is written lies close together, and a hash of the id.</summary>
    public static long Finder(long at, string id) => (FloorDay(at) << 32) | (long)(Hash(id) >> 32);

    public static long FloorDay(long at) => Floor(at, Day) / Day;

    public static long Floor(long at, long width) => at - (((at % width) + width) % width);

    /// <summary>Of a name and value of metadata. Rows found by it are compared with what was asked for.</summary>
    public static long Pair(string name, string value) => (long)Hash(name + "\0" + value);

    // FNV-1a, with a last stir so that all bits depend on all.
    private static ulong Hash(string text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var one in Encoding.UTF8.GetBytes(text))
        {
            hash = (hash ^ one) * 1_099_511_628_211UL;
        }

        hash ^= hash >> 33;
        hash *= 0xff51afd7ed558ccdUL;
        hash ^= hash >> 33;
        hash *= 0xc4ceb9fe1a85ec53UL;
        return hash ^ (hash >> 33);
    }
}
