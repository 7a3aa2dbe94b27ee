using Bifrost.Governance.Limits;
using Bifrost.Wire.Faults;

namespace Bifrost.Governance.Ledger;

/// <summary>The ledger as it is first written: records appended to mapped files, in memory that belongs to the kernel. A record that was written
/// survives the death of the process (<c>kill -9</c> included) without a call into the kernel; a power cut may take what was written since the last
/// flush (<see cref="JournalOptions.FlushInterval"/>). The journal is also the queue to the database: <see cref="LedgerWriter"/> reads behind it.
/// <para>When the disk is full or <see cref="JournalOptions.MaxBytes"/> is reached, holds are refused: a call that nobody wrote down would be a limit
/// that leaks. Half a file is kept free for calls under way, and their ends may pass the limit; a settlement that finds no room on the disk even so
/// waits in memory, and if the process dies before there is room, its hold is charged at its estimate.</para></summary>
public sealed class Journal : ILedger, IAsyncDisposable
{
    private static readonly Fault Closed = Refusal("The gateway is shutting down.");

    private readonly Lock _gate = new();
    private readonly JournalRecords _records = new();
    private readonly Queue<Ending> _waiting = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly JournalFolder _folder;
    private readonly JournalFiles _files;
    private readonly JournalOptions _options;
    private readonly TimeProvider _clock;
    private readonly ulong _idPart;
    private Segment? _current;
    private Task _upkeep = Task.CompletedTask;
    private long _nextNumber;
    private long _ended;
    private bool _askedForNext;
    private bool _closed;

    private Journal(JournalFolder folder, JournalOptions options, TimeProvider clock)
    {
        _folder = folder;
        _options = options;
        _clock = clock;
        _files = new JournalFiles(folder, options);
        _idPart = HoldIds.PartOf(folder.Id);
    }

    /// <summary>The journal's identity, made with its folder: what the database remembers its progress under.</summary>
    public string Name => _folder.Id.ToString("D");

    /// <summary>Whether an entry was held in this journal, and not in one of another gateway that shares the database.</summary>
    public bool Made(Guid entry) => HoldIds.JournalOf(entry) == _idPart;

    /// <summary>What stands in the way of writing, or null. Holds are refused, or soon will be.</summary>
    public Exception? Trouble => _files.Trouble;

    /// <summary>Takes the folder for this process. Nothing can be held before <see cref="LedgerWriter.RecoverAsync"/> is through. Throws
    /// <see cref="JournalInUseException"/> when another process has the folder, and <see cref="IOException"/> or
    /// <see cref="UnauthorizedAccessException"/> when it cannot be used.</summary>
    public static Journal Open(JournalOptions options, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SegmentBytes, 4096);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.SegmentBytes, 1 << 30);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.FlushInterval, TimeSpan.FromMilliseconds(1));
        return new Journal(JournalFolder.Open(options.Folder), options, clock);
    }

    /// <inheritdoc/>
    public Outcome<HoldId> Hold(
        CallTemplate template,
        string requestId,
        DateTimeOffset at,
        long estimatedCost,
        ReadOnlySpan<MeterCharge> estimate
    )
    {
        ArgumentNullException.ThrowIfNull(template);
        ArgumentNullException.ThrowIfNull(requestId);
        var time = Math.Max(at.ToUnixTimeMilliseconds(), 0);
        PrefetchTexts(template, estimate);
        lock (_gate)
        {
            if (_closed)
            {
                return Closed;
            }

            var current = Current;
            if (_files.Trouble is { } trouble && current.End > current.Size / 2)
            {
                return Unwritable(trouble);
            }

            var number = _nextNumber;
            _records.Hold(number, time, requestId, template, estimatedCost, estimate);
            if (!Write())
            {
                if (!Roll(beyondLimit: false))
                {
                    return Unwritable(_files.Trouble);
                }

                _records.Hold(number, time, requestId, template, estimatedCost, estimate);
                MustWrite();
            }

            _nextNumber++;
            return new HoldId(HoldIds.Make(_idPart, time, number), number);
        }
    }

    /// <inheritdoc/>
    public void Settle(HoldId hold, in Settlement settlement, ReadOnlySpan<MeterCharge> charges)
    {
        lock (_gate)
        {
            if (!_closed && (_waiting.Count > 0 || !TrySettle(hold, settlement, charges)))
            {
                _waiting.Enqueue(new Ending(hold, settlement, charges.ToArray()));
            }
        }
    }

    /// <inheritdoc/>
    public void Release(HoldId hold, ReadOnlySpan<MeterCharge> charges)
    {
        lock (_gate)
        {
            if (!_closed && (_waiting.Count > 0 || !TryRelease(hold, charges)))
            {
                _waiting.Enqueue(new Ending(hold, null, charges.ToArray()));
            }
        }
    }

    /// <summary>Forces everything to the disk and gives the folder back. What is held or settled after is refused or charged at its estimate at
    /// the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
        }

        await _closing.CancelAsync();
        await _upkeep;
        _files.Flush();
        _files.Dispose();
        _folder.Dispose();
        _closing.Dispose();
    }

    internal JournalFiles Files => _files;

    internal Guid Id => _folder.Id;

    private Segment Current => _current ?? throw new InvalidOperationException("The journal was not recovered before its first use.");

    /// <summary>Takes up writing, in a new file: an old one may end in half a record.</summary>
    internal void Begin(long segment, long number)
    {
        lock (_gate)
        {
            _nextNumber = number;
            _files.BeginAt(segment);
            if (!Roll(beyondLimit: true))
            {
                throw new IOException($"The journal in {_options.Folder} cannot be written: {_files.Trouble?.Message}", _files.Trouble);
            }
        }

        _upkeep = KeepUpAsync();
    }

    /// <summary>The place behind the last record, and how many calls ended since the start.</summary>
    internal (long Segment, int Offset, long Ended, int Waiting) End()
    {
        lock (_gate)
        {
            return (Current.Number, Current.End, _ended, _waiting.Count);
        }
    }

    /// <summary>How far a file may be read, and whether it will grow.</summary>
    internal (int End, bool Growing) Published(Segment segment)
    {
        lock (_gate)
        {
            return (segment.End, ReferenceEquals(segment, _current));
        }
    }

    /// <summary>Writes a hold again, so that its older file can go. False: there is no room, and it can be tried again.</summary>
    internal bool Carry(HeldCall held) => Append(records => records.Carry(held));

    /// <summary>Takes a carry back. False: there is no room, and it can be tried again.</summary>
    internal bool Void(long number) => Append(records => records.Void(number));

    /// <summary>Charges a call of an earlier life at its estimate.</summary>
    internal void Recover(HeldCall held, DateTimeOffset now)
    {
        if (!Append(records => records.Recover(held, now)))
        {
            throw new IOException($"The journal in {_options.Folder} has no room: {_files.Trouble?.Message}", _files.Trouble);
        }

        lock (_gate)
        {
            _ended++;
        }
    }

    private bool Append(Action<JournalRecords> record)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            record(_records);
            if (Write())
            {
                return true;
            }

            if (!Roll(beyondLimit: true))
            {
                return false;
            }

            record(_records);
            MustWrite();
            return true;
        }
    }

    private bool TrySettle(HoldId hold, in Settlement settlement, ReadOnlySpan<MeterCharge> charges)
    {
        var heldAt = HoldIds.TimeOf(hold.Entry);
        _records.Settle(hold.Number, heldAt, settlement, charges);
        if (!Write())
        {
            if (!Roll(beyondLimit: true))
            {
                return false;
            }

            _records.Settle(hold.Number, heldAt, settlement, charges);
            MustWrite();
        }

        _ended++;
        return true;
    }

    private bool TryRelease(HoldId hold, ReadOnlySpan<MeterCharge> charges)
    {
        var heldAt = HoldIds.TimeOf(hold.Entry);
        _records.Release(hold.Number, heldAt, charges);
        if (!Write())
        {
            if (!Roll(beyondLimit: true))
            {
                return false;
            }

            _records.Release(hold.Number, heldAt, charges);
            MustWrite();
        }

        _ended++;
        return true;
    }

    /// <summary>Asks for what a hold that has to define everything anew is made of, before the lock, so that nobody else waits for it.</summary>
    private static void PrefetchTexts(CallTemplate template, ReadOnlySpan<MeterCharge> charges)
    {
        foreach (ref readonly var charge in charges)
        {
            Prefetch.Of(charge.Meter.Id, 2);
        }

        Prefetch.Of(template.Call.VirtualKeyId, 2);
        Prefetch.Of(template.Call.TeamId);
    }

    /// <summary>False when the record does not fit into what is left of the file; then it has to be made anew.</summary>
    private bool Write()
    {
        var record = _records.Record;
        var segment = Current;
        if (record.Length > segment.Size - segment.End || record.Length > RecordFrame.MaxPayload)
        {
            _records.Unwritten();
            return false;
        }

        RecordFrame.Seal(record, segment.Number, segment.End);
        if (segment.End / JournalRecords.Chapter != (segment.End + record.Length) / JournalRecords.Chapter)
        {
            _records.BeginChapter();
        }

        segment.Append(record);
        if (!_askedForNext && segment.End > segment.Size / 2)
        {
            _askedForNext = true;
            ThreadPool.UnsafeQueueUserWorkItem(static files => files.Prepare(), _files, preferLocal: false);
        }

        return true;
    }

    private void MustWrite()
    {
        if (!Write())
        {
            throw new ArgumentException(
                $"A record with all its charges must fit into {RecordFrame.MaxPayload} bytes and into a file of {_options.SegmentBytes} bytes."
            );
        }
    }

    private bool Roll(bool beyondLimit)
    {
        if (_files.Take(beyondLimit) is not { } next)
        {
            return false;
        }

        var header = new SegmentHeader(_folder.Id, next.Number, _clock.GetUtcNow().ToUnixTimeMilliseconds(), _nextNumber);
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        header.Write(bytes);
        next.Append(bytes);
        _records.BeginFile(header);
        _askedForNext = false;
        _current = next;
        return true;
    }

    private async Task KeepUpAsync()
    {
        using var timer = new PeriodicTimer(_options.FlushInterval, _clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_closing.Token))
            {
                _files.Flush();
                if (_files.Trouble is not null)
                {
                    _files.Prepare(again: true);
                }

                WriteWaiting();
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private void WriteWaiting()
    {
        lock (_gate)
        {
            while (!_closed && _waiting.TryPeek(out var ending))
            {
                var written = ending.Settlement is { } settlement
                    ? TrySettle(ending.Hold, settlement, ending.Charges)
                    : TryRelease(ending.Hold, ending.Charges);
                if (!written)
                {
                    return;
                }

                _waiting.Dequeue();
            }
        }
    }

    private static Fault Unwritable(Exception? trouble) =>
        Refusal("The gateway cannot write down what calls cost, so it takes none. Its operator has to make room on its disk.") with
        {
            Cause = trouble,
        };

    // The row of a gateway that takes no calls; no other target would help.
    private static Fault Refusal(string message) =>
        new(FaultKind.ShuttingDown, message) { Code = "ledger_unavailable", RetryAfter = TimeSpan.FromSeconds(5) };

    private sealed record Ending(HoldId Hold, Settlement? Settlement, MeterCharge[] Charges);
}
