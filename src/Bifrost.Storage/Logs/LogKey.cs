using System.Globalization;
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

    /// <summary>What a row is found by when only its id is known. What is written together is to lie together: an id that says when it was made stands
    /// there, others stand within the day.</summary>
    public static long Finder(long at, string id) => FinderOf(id) ?? FinderIn(at, id);

    /// <summary>Of an id that is a UUID of version 7: its milliseconds, and 16 bits of a hash. Null: it is none.</summary>
    public static long? FinderOf(string id)
    {
        var isTimed = id is { Length: 36 } && id[8] == '-' && id[13] == '-' && id[14] == '7' && id[18] == '-' && id[23] == '-';
        return
            isTimed
            && uint.TryParse(id.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var high)
            && ushort.TryParse(id.AsSpan(9, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var low)
            // Above all that begin with a day, and not negative.
            && high is > 0xFFFF and < 0x8000_0000
            ? ((long)high << 32) | ((long)low << 16) | (long)(Hash(id) >> 48)
            : null;
    }

    /// <summary>Of any id: the day, and 32 bits of a hash. Before 2026-12 all rows had it.</summary>
    public static long FinderIn(long at, string id) => (FloorDay(at) << 32) | (long)(Hash(id) >> 32);

    public static long FloorDay(long at) => Floor(at, Day) / Day;

    public static long Floor(long at, long width) => at - (((at % width) + width) % width);

    /// <summary>Of a name and value of metadata. Rows found by it are compared with what was asked for.</summary>
    public static long Pair(string name, string value) => (long)Hash(name + "\0" + value);

    // FNV-1a, with a last stir so that all bits depend on all.
    private static ulong Hash(string text)
    {
        var hash = 14_695_981_039_346_656_037UL;
        Span<byte> room = stackalloc byte[256];
        var bytes = text.Length <= 80 ? room[..Encoding.UTF8.GetBytes(text, room)] : Encoding.UTF8.GetBytes(text);
        foreach (var one in bytes)
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
