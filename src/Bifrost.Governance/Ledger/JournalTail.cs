using Bifrost.Governance.Stores;

namespace Bifrost.Governance.Ledger;

/// <summary>Reads behind the writers of a journal that is in use. One thread.</summary>
internal sealed class JournalTail
{
    private readonly Journal _journal;
    private readonly JournalFold _fold;
    private readonly byte[] _chunk = new byte[256 * 1024];
    private Segment _segment;
    private int _offset;

    public JournalTail(Journal journal, JournalFold fold, long segment)
    {
        _journal = journal;
        _fold = fold;
        _segment = journal.Files.Get(segment);
        OpenSegment();
    }

    /// <summary>Behind the last record read.</summary>
    public JournalPosition Position => new(_segment.Number, _offset);

    /// <summary>Reads until there are enough calls to store, or nothing more is written.</summary>
    public void Read(List<SettledCall> calls, int enough)
    {
        while (calls.Count < enough)
        {
            var (end, growing) = _journal.Published(_segment);
            if (_offset < end)
            {
                ReadChunk(end, calls, enough);
                continue;
            }

            if (growing)
            {
                return;
            }

            _segment = _journal.Files.Get(_segment.Number + 1);
            OpenSegment();
        }
    }

    private void ReadChunk(int end, List<SettledCall> calls, int enough)
    {
        var chunk = _chunk.AsSpan(0, _segment.Read(_offset, end, _chunk));
        var at = 0;
        while (calls.Count < enough && RecordScan.Next(chunk, _segment.Number, _offset, ref at, out var payload, out var damaged))
        {
            _fold.Damaged += damaged ? 1 : 0;
            if (_fold.Apply(payload, _offset + at - payload.Length - RecordFrame.Overhead) is { } settled)
            {
                calls.Add(settled);
            }
        }

        if (at == 0)
        {
            // A chunk is longer than any record, so what begins it is none.
            _fold.Damaged++;
            at = chunk.Length;
        }

        _offset += at;
    }

    private void OpenSegment()
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.Size];
        _segment.Read(0, _journal.Published(_segment).End, bytes);
        if (!SegmentHeader.TryRead(bytes, _segment.Number, out var header))
        {
            throw new InvalidDataException($"The journal's file {_segment.Path} has lost its beginning while in use.");
        }

        _fold.BeginFile(header);
        _offset = SegmentHeader.Size;
    }
}
