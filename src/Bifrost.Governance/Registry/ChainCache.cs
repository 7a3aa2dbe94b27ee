namespace Bifrost.Governance.Registry;

/// <summary>The chains that one caller used last. A field of whoever asks, never a copy. Lock-free: threads that miss at once make the same chain twice,
/// and one of them is kept.</summary>
internal struct ChainCache
{
    private const int Room = 8;

    private Entry[]? _entries;

    public LimitChain? Find(long version, string provider, string asked, string sent)
    {
        foreach (ref readonly var entry in Volatile.Read(ref _entries).AsSpan())
        {
            if (entry.Version == version && entry.Provider == provider && entry.Asked == asked && entry.Sent == sent)
            {
                return entry.Chain;
            }
        }

        return null;
    }

    public void Keep(long version, string provider, string asked, string sent, LimitChain chain)
    {
        var before = Volatile.Read(ref _entries) ?? [];
        var kept = new List<Entry>(Room) { new(version, provider, asked, sent, chain) };
        foreach (var entry in before)
        {
            if (entry.Version == version && kept.Count < Room)
            {
                kept.Add(entry);
            }
        }

        Volatile.Write(ref _entries, [.. kept]);
    }

    private readonly record struct Entry(long Version, string Provider, string Asked, string Sent, LimitChain Chain);
}
