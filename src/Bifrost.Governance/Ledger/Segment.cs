using System.IO.MemoryMappedFiles;

namespace Bifrost.Governance.Ledger;

/// <summary>One file of the journal, mapped: what is written is in the kernel's hands at once, without a call into it. Written and read by who
/// holds the journal's lock, or read below a position published under it.</summary>
internal sealed class Segment : IDisposable
{
    private static readonly byte[] Zeros = new byte[64 * 1024];

    private readonly Lock _io = new();
    private readonly FileStream _file;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly unsafe byte* _memory;
    private int _flushed;
    private bool _disposed;

    private unsafe Segment(long number, string path, FileStream file, int size)
    {
        Number = number;
        Path = path;
        Size = size;
        _file = file;
        _map = MemoryMappedFile.CreateFromFile(
            file,
            null,
            size,
            MemoryMappedFileAccess.ReadWrite,
            HandleInheritability.None,
            leaveOpen: true
        );
        _view = _map.CreateViewAccessor(0, size, MemoryMappedFileAccess.ReadWrite);
        // SafeBuffer.WriteSpan copies byte by byte, which is most of the cost of a hold (LedgerBenchmarks).
        byte* memory = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref memory);
        _memory = memory + _view.PointerOffset;
    }

    public long Number { get; }

    public string Path { get; }

    public int Size { get; }

    /// <summary>Where the next record goes.</summary>
    public int End { get; private set; }

    /// <summary>Takes the room from the disk now: a write into a mapped hole of a full disk would kill the process.</summary>
    public static Segment Create(string path, long number, int size)
    {
        FileStream? file = null;
        try
        {
            file = new FileStream(path, JournalFolder.Private(FileMode.Create, FileShare.Read, size));
            // Not every file system keeps a promise of room; zeros that were written are room.
            for (var left = size; left > 0; left -= Zeros.Length)
            {
                file.Write(Zeros, 0, Math.Min(left, Zeros.Length));
            }

            return new Segment(number, path, file, size);
        }
        catch
        {
            file?.Dispose();
            File.Delete(path);
            throw;
        }
    }

    public unsafe void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(new Span<byte>(_memory + End, Size - End));
        End += bytes.Length;
    }

    /// <summary>What is written from an offset on, at most as much as fits.</summary>
    /// <param name="offset">Where to begin.</param>
    /// <param name="end">A published <see cref="End"/>.</param>
    /// <param name="target">Filled from its start.</param>
    public unsafe int Read(int offset, int end, Span<byte> target)
    {
        lock (_io)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            var length = Math.Min(end - offset, target.Length);
            new ReadOnlySpan<byte>(_memory + offset, length).CopyTo(target);
            return length;
        }
    }

    /// <summary>Forces everything written so far to the disk.</summary>
    public void Flush(int end)
    {
        lock (_io)
        {
            if (_disposed || end == _flushed)
            {
                return;
            }

            _view.Flush();
            _file.Flush(flushToDisk: true);
            _flushed = end;
        }
    }

    public void Dispose()
    {
        lock (_io)
        {
            if (_disposed)
            {
                return;
            }

            _disposed = true;
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _map.Dispose();
            _file.Dispose();
        }
    }
}
