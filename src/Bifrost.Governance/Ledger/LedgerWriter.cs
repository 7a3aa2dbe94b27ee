using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Ledger;

/// <summary>Brings the journal into the database, each call exactly once: how far it came is stored in the same transaction as the calls. While the
/// database is down it tries for ever and the journal grows. Use: <see cref="RecoverAsync"/>, load the counters, <see cref="Start"/>, and
/// <see cref="StopAsync"/> when no call is under way any more; then the journal can be disposed of.</summary>
public sealed class LedgerWriter : IAsyncDisposable
{
    /// <summary>Fewer at once are stored without waiting for more.</summary>
    private const int FewCalls = 64;

    private readonly Journal _journal;
    private readonly ILedgerStore _store;
    private readonly LedgerWriterOptions _options;
    private readonly TimeProvider _clock;
    private readonly JournalFold _fold;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _abandoning = new();
    private JournalTail? _tail;
    private JournalPosition _stored = new(0, 0);
    private Task _work = Task.CompletedTask;
    private LedgerTrouble? _trouble;
    private long _storedCalls;
    private int _open;

    public LedgerWriter(Journal journal, ILedgerStore store, LedgerWriterOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(journal);
        _journal = journal;
        _store = store;
        _options = options;
        _clock = clock;
        _fold = new JournalFold(journal.Id);
    }

    /// <summary>Any thread, from the end of <see cref="RecoverAsync"/> on.</summary>
    public LedgerState State
    {
        get
        {
            var (segment, offset, ended, waiting) = _journal.End();
            var stored = Volatile.Read(ref _stored);
            var size = (long)_journal.Files.SegmentBytes;
            return new LedgerState
            {
                BehindCalls = Math.Max(ended - Volatile.Read(ref _storedCalls), 0) + waiting,
                BehindBytes = Math.Max(((segment - stored.Segment) * size) + offset - stored.Offset, 0),
                OpenHolds = Volatile.Read(ref _open),
                Waiting = waiting,
                DiskBytes = _journal.Files.Count * size,
                Damaged = _fold.Damaged,
                Store = Volatile.Read(ref _trouble),
                Writer = _work.Exception?.InnerException,
                Journal = _journal.Files.Trouble ?? _journal.Files.DiskTrouble,
            };
        }
    }

    /// <summary>Brings into the database what an earlier life wrote down and did not bring there, and charges calls that life left open at their
    /// estimate (<see cref="LedgerOutcome.Recovered"/>). After this the stored counters are complete, and the journal takes holds. Throws what
    /// the store throws when it cannot be asked how far it is; dying at any moment in it is harmless.</summary>
    public async Task<LedgerRecovery> RecoverAsync(CancellationToken cancel)
    {
        var position = await _store.PositionAsync(_journal.Name, cancel);
        var old = _journal.Files.Old();
        _fold.Replaying = true;
        var replayed = 0;
        foreach (var segment in old)
        {
            replayed += await ReplayAsync(segment, position, cancel);
        }

        _fold.Replaying = false;
        _fold.Ended = 0;
        var left = new List<HeldCall>(_fold.Open.Values);
        // Above the stored position too: after a power cut the database may know more of the journal than the disk does.
        var first = Math.Max(old.Count > 0 ? old[^1] : 0, position?.Segment ?? 0) + 1;
        _journal.Begin(first, _fold.NextNumber);
        foreach (var held in left)
        {
            _journal.Recover(held, _clock.GetUtcNow());
        }

        _tail = new JournalTail(_journal, _fold, first);
        var calls = new List<SettledCall>();
        do
        {
            calls.Clear();
            _tail.Read(calls, _options.BatchCalls);
            await StoreAsync(calls, _tail.Position, cancel);
        } while (calls.Count > 0);

        _journal.Files.Retire(_tail.Position.Segment);
        return new LedgerRecovery(replayed, left.Count, _fold.Damaged);
    }

    /// <summary>Begins to follow the journal.</summary>
    public void Start() => _work = FollowAsync(_tail ?? throw new InvalidOperationException("Recover before the start."));

    /// <summary>Returns when everything that is over by now is in the database. After <see cref="Start"/>.</summary>
    public async Task CaughtUpAsync(CancellationToken cancel)
    {
        var (_, _, ended, waiting) = _journal.End();
        while (Volatile.Read(ref _storedCalls) < ended + waiting)
        {
            await Task.Delay(_options.Interval, _clock, cancel);
        }
    }

    /// <summary>Stores what is left and ends. True: all is stored. False: the time was over; the rest is stored at the next start.</summary>
    public async Task<bool> StopAsync(CancellationToken cancel)
    {
        await using var _ = cancel.UnsafeRegister(static writer => ((LedgerWriter)writer!)._abandoning.Cancel(), this);
        await _stopping.CancelAsync();
        await _work;
        return !_abandoning.IsCancellationRequested;
    }

    /// <summary>Ends without storing more.</summary>
    public async ValueTask DisposeAsync()
    {
        await _abandoning.CancelAsync();
        await _stopping.CancelAsync();
        await _work;
        _abandoning.Dispose();
        _stopping.Dispose();
    }

    private async Task<int> ReplayAsync(long segment, JournalPosition? position, CancellationToken cancel)
    {
        var data = await File.ReadAllBytesAsync(_journal.Files.PathOf(segment), cancel);
        if (!SegmentHeader.TryRead(data, segment, out var header) || header.Journal != _journal.Id)
        {
            // Made ready and never used, unless there is something in it.
            _fold.Damaged += data.AsSpan().ContainsAnyExcept((byte)0) ? 1 : 0;
            return 0;
        }

        _fold.BeginFile(header);
        var replayed = 0;
        var calls = new List<SettledCall>();
        var at = SegmentHeader.Size;
        while (NextRecord(data, segment, ref at, out var start) is var (found, settled) && found)
        {
            if (settled is not null && IsNew(segment, start, position))
            {
                calls.Add(settled);
                replayed++;
            }

            if (calls.Count >= _options.BatchCalls)
            {
                await StoreAsync(calls, new JournalPosition(segment, at), cancel);
                calls.Clear();
            }
        }

        if (calls.Count > 0)
        {
            await StoreAsync(calls, new JournalPosition(segment, at), cancel);
        }

        return replayed;
    }

    private (bool Found, SettledCall? Settled) NextRecord(byte[] data, long segment, ref int at, out int start)
    {
        var found = RecordScan.Next(data, segment, 0, ref at, out var payload, out var damaged);
        // Half a record at the end is what a death leaves behind: not damage.
        _fold.Damaged += damaged && found ? 1 : 0;
        start = at - payload.Length - RecordFrame.Overhead;
        return (found, found ? _fold.Apply(payload, start) : null);
    }

    private static bool IsNew(long segment, int offset, JournalPosition? position) =>
        position is null || segment > position.Segment || (segment == position.Segment && offset >= position.Offset);

    private async Task FollowAsync(JournalTail tail)
    {
        var calls = new List<SettledCall>();
        var since = _clock.GetTimestamp();
        try
        {
            while (true)
            {
                // Asked before the read, so that what was written before the stop is read.
                var stopping = _stopping.IsCancellationRequested;
                var before = calls.Count;
                tail.Read(calls, _options.BatchCalls);
                TakeBackCarries();
                Volatile.Write(ref _open, _fold.Open.Count);
                var isFull = calls.Count >= _options.BatchCalls;
                var few = calls.Count - before < FewCalls;
                if (isFull || few || stopping || _clock.GetElapsedTime(since) >= _options.LongestWait)
                {
                    if (calls.Count > 0 || tail.Position.Segment > _stored.Segment)
                    {
                        await StoreAsync(calls, tail.Position, _abandoning.Token);
                    }

                    calls.Clear();
                    since = _clock.GetTimestamp();
                    Volatile.Write(ref _storedCalls, _fold.Ended);
                    Retire();
                }

                if (isFull)
                {
                    continue;
                }

                if (stopping)
                {
                    return;
                }

                await DelayAsync();
            }
        }
        catch (OperationCanceledException) when (_abandoning.IsCancellationRequested)
        {
            // The rest is stored at the next start.
        }
    }

    private async Task DelayAsync()
    {
        try
        {
            await Task.Delay(_options.Interval, _clock, _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            // One more round, the last.
        }
    }

    private async Task StoreAsync(List<SettledCall> calls, JournalPosition position, CancellationToken cancel)
    {
        var batch = new LedgerBatch(_journal.Name, position, [.. calls]);
        for (var wait = _options.FirstRetry; ; wait = wait * 2 < _options.LastRetry ? wait * 2 : _options.LastRetry)
        {
            try
            {
                await _store.AppendAsync(batch, cancel);
                Volatile.Write(ref _trouble, null);
                Volatile.Write(ref _stored, position);
                return;
            }
            catch (Exception) when (cancel.IsCancellationRequested)
            {
                throw new OperationCanceledException(cancel);
            }
            catch (Exception failed)
            {
                // Whatever it was: the calls are safe in the journal, and a repeated batch changes nothing.
                var since = _trouble?.Since ?? _clock.GetUtcNow();
                Volatile.Write(ref _trouble, new LedgerTrouble(since, (_trouble?.Attempts ?? 0) + 1, failed));
            }

            await Task.Delay(wait, _clock, cancel);
        }
    }

    private void TakeBackCarries()
    {
        // What cannot be written now is tried again; until then nothing is deleted.
        _fold.Spurious.RemoveAll(_journal.Void);
    }

    /// <summary>Deletes files that are stored and hold no open call. A call that stays open for long is written again, so that it keeps one file
    /// and not all.</summary>
    private void Retire()
    {
        if (_fold.Spurious.Count > 0)
        {
            return;
        }

        var keep = _stored.Segment;
        foreach (var held in _fold.Open.Values)
        {
            if (held.Segment < _stored.Segment - 1 && !held.Carried)
            {
                held.Carried = _journal.Carry(held);
            }

            keep = Math.Min(keep, held.Segment);
        }

        _journal.Files.Retire(keep);
    }
}
