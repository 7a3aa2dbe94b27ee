using System.Net;
using System.Net.Sockets;

namespace Bifrost.Admin.Sessions;

/// <summary>Slows down and locks out who guesses passwords, by address and by account. Kept in memory, bounded. Thread-safe.</summary>
/// <remarks>An address is locked after five failures, for 30 s and twice as long with each further one, 15 minutes at most. An account is locked only after
/// twenty, and for a minute at most, so that strangers cannot keep its owner out for long. Sessions go on meanwhile.</remarks>
internal sealed class LoginThrottle(TimeProvider clock)
{
    public const int AddressFailures = 5;
    public const int AccountFailures = 20;

    /// <summary>Addresses and accounts remembered at once.</summary>
    public const int Most = 10_000;

    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestForAddress = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan LongestForAccount = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Record> _records = new(StringComparer.Ordinal);

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _records.Count;
            }
        }
    }

    /// <summary>How long this address must wait before it may try this account again; zero: it may.</summary>
    public TimeSpan Wait(IPAddress? address, string account)
    {
        var now = clock.GetUtcNow();
        lock (_gate)
        {
            var until = Max(UntilOf(AddressName(address)), UntilOf(AccountName(account)));
            return until > now ? until - now : TimeSpan.Zero;
        }
    }

    public void Failed(IPAddress? address, string account)
    {
        lock (_gate)
        {
            Add(AddressName(address), AddressFailures, LongestForAddress);
            Add(AccountName(account), AccountFailures, LongestForAccount);
        }
    }

    public void Succeeded(IPAddress? address, string account)
    {
        lock (_gate)
        {
            _records.Remove(AddressName(address));
            _records.Remove(AccountName(account));
        }
    }

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private DateTimeOffset UntilOf(string name) => _records.TryGetValue(name, out var record) ? record.Until : default;

    private void Add(string name, int allowed, TimeSpan longest)
    {
        var now = clock.GetUtcNow();
        var failures = _records.TryGetValue(name, out var before) && now - before.Last < Forgotten ? before.Failures + 1 : 1;
        var until = default(DateTimeOffset);
        if (failures >= allowed)
        {
            var doubled = First * Math.Pow(2, Math.Min(failures - allowed, 10));
            until = now + (doubled < longest ? doubled : longest);
        }

        if (_records.Count >= Most && before is null)
        {
            MakeRoom(now);
        }

        _records[name] = new Record(failures, now, until);
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var name in _records.Where(r => now - r.Value.Last >= Forgotten).Select(r => r.Key).ToList())
        {
            _records.Remove(name);
        }

        // Those that matter least go: nobody waits for them, and they are the oldest.
        foreach (
            var (name, _) in _records
                .OrderBy(r => r.Value.Until)
                .ThenBy(r => r.Value.Last)
                .Take(_records.Count - Most + (Most / 10))
                .ToList()
        )
        {
            _records.Remove(name);
        }
    }

    private static string AccountName(string account) => "account:" + (account.Length <= 100 ? account : account[..100]);

    // One household or server has a whole /64 of IPv6 to itself.
    private static string AddressName(IPAddress? address)
    {
        if (address is null)
        {
            return "address:";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? "address:" + Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : "address:" + address;
    }

    private sealed record Record(int Failures, DateTimeOffset Last, DateTimeOffset Until);
}
