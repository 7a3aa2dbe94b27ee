namespace Bifrost.Governance.Ledger;

/// <summary>The files of a journal: the next is made ready before it is needed, the oldest go when the database has them. Thread-safe.</summary>
internal sealed class JournalFiles(JournalFolder folder, JournalOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, Segment?> _all = Existing(folder);
    private Segment? _next;
    private long _nextNumber;
    private Exception? _trouble;
    private Exception? _diskTrouble;
    private bool _closed;
    private bool _beginning;
    private bool _atLimit;

    /// <summary>Why there is no next file, or null.</summary>
    public Exception? Trouble => Volatile.Read(ref _trouble);

    /// <summary>Why files could not be forced to the disk or deleted the last time, or null.</summary>
    public Exception? DiskTrouble => Volatile.Read(ref _diskTrouble);

    public int SegmentBytes => options.SegmentBytes;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>Files of earlier lives, ascending.</summary>
    public List<long> Old()
    {
        lock (_gate)
        {
            return [.. _all.Where(file => file.Value is null).Select(file => file.Key)];
        }
    }

    public string PathOf(long segment) => folder.FileOf(segment);

    public void BeginAt(long segment)
    {
        lock (_gate)
        {
            _nextNumber = segment;
            // A journal at its limit has to begin a file to be read to its end and emptied.
            _beginning = true;
        }
    }

    /// <summary>Makes the next file, if there is none waiting.</summary>
    /// <param name="again">Although it failed the last time.</param>
    /// <param name="beyondLimit">For what must be written so that the journal can shrink: ends of calls, and carries.</param>
    public void Prepare(bool again = false, bool beyondLimit = false)
    {
        lock (_gate)
        {
            if (_closed || (_trouble is not null && !_atLimit && !again))
            {
                return;
            }

            var after = _all.Count + (_next is null ? 1 : 0);
            _atLimit = !_beginning && (long)after * options.SegmentBytes > options.MaxBytes;
            if (_next is null && (!_atLimit || beyondLimit) && Create() is { } failed)
            {
                _atLimit = false;
                Volatile.Write(ref _trouble, failed);
                return;
            }

            Volatile.Write(
                ref _trouble,
                _atLimit ? new IOException($"The journal has reached its limit of {options.MaxBytes} bytes: the database is behind.") : null
            );
        }
    }

    /// <summary>The next file, to be written from now on, or null: see <see cref="Trouble"/>.</summary>
    /// <param name="beyondLimit">See <see cref="Prepare"/>.</param>
    public Segment? Take(bool beyondLimit)
    {
        lock (_gate)
        {
            if (_next is null)
            {
                Prepare(beyondLimit: beyondLimit);
            }

            var taken = _next;
            _next = null;
            return taken;
        }
    }

    private Exception? Create()
    {
        try
        {
            _next = Segment.Create(folder.FileOf(_nextNumber), _nextNumber, options.SegmentBytes);
            _all[_nextNumber++] = _next;
            return null;
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            return full;
        }
    }

    /// <summary>A file of this life that is or was written.</summary>
    public Segment Get(long number)
    {
        lock (_gate)
        {
            return _all[number]!;
        }
    }

    /// <summary>Deletes all files with lower numbers; what cannot be deleted is tried again the next time.</summary>
    public void Retire(long below)
    {
        lock (_gate)
        {
            _beginning = false;
            try
            {
                while (_all.Count > 0 && _all.First() is var oldest && oldest.Key < below)
                {
                    oldest.Value?.Dispose();
                    File.Delete(folder.FileOf(oldest.Key));
                    _all.Remove(oldest.Key);
                }
            }
            catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
            {
                Volatile.Write(ref _diskTrouble, failed);
            }
        }
    }

    public void Flush()
    {
        List<Segment> written;
        lock (_gate)
        {
            written = [.. _all.Values.OfType<Segment>()];
        }

        try
        {
            foreach (var segment in written)
            {
                segment.Flush(segment.End);
            }

            Volatile.Write(ref _diskTrouble, null);
        }
        catch (IOException failed)
        {
            Volatile.Write(ref _diskTrouble, failed);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            foreach (var segment in _all.Values)
            {
                segment?.Dispose();
            }
        }
    }

    private static SortedDictionary<long, Segment?> Existing(JournalFolder folder)
    {
        var all = new SortedDictionary<long, Segment?>();
        foreach (var number in folder.Segments())
        {
            all[number] = null;
        }

        return all;
    }
}
