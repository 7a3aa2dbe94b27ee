using System.Buffers.Binary;
using Bifrost.Core.Accept;
using Bifrost.Core.Contracts;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Dialects;

namespace Bifrost.Core.Deliver;

/// <summary>Watches an answer go by and picks out what it consumed. Reads, never writes; bounded memory; one answer, one tap.</summary>
internal abstract class UsageTap(IDialect dialect) : IDisposable
{
    private uint _last;

    protected IDialect Dialect => dialect;

    public Usage? Usage { get; protected set; }

    /// <summary>Bytes of generated text so far; of a whole answer, all its bytes.</summary>
    public long OutputBytes { get; protected set; }

    /// <summary>Events that have ended so far; of a whole answer none.</summary>
    public long Chunks { get; private set; }

    /// <param name="dialect">What the answer is written in.</param>
    /// <param name="eventStream">It comes as events.</param>
    /// <param name="counts">Look at every event to count the text in it.</param>
    /// <param name="copy">Where the text of events goes, or null.</param>
    public static UsageTap For(IDialect dialect, bool eventStream, bool counts = false, ContentCopy? copy = null) =>
        eventStream ? new Events(dialect, counts, copy) : new Whole(dialect);

    /// <summary>A blank line came last, or nothing yet: a further event may be written right here.</summary>
    public bool BetweenEvents => _last is 0 or 0x0D0A0D0A || (_last & 0xFFFF) is 0x0A0A or 0x0D0D;

    public void See(ReadOnlySpan<byte> bytes)
    {
        if (this is Events && !bytes.IsEmpty)
        {
            Chunks += BlankLines(bytes);
        }

        if (bytes.Length >= sizeof(uint))
        {
            _last = BinaryPrimitives.ReadUInt32BigEndian(bytes[^sizeof(uint)..]);
        }
        else
        {
            foreach (var next in bytes)
            {
                _last = (_last << 8) | next;
            }
        }

        Watch(bytes);
    }

    // Blank lines within, and one that began in the bytes before.
    private int BlankLines(ReadOnlySpan<byte> bytes)
    {
        var seam =
            ((_last & 0xFF) == '\n' && (bytes[0] == '\n' || bytes.StartsWith("\r\n"u8)))
            || ((_last & 0xFFFF) == 0x0A0D && bytes[0] == '\n');
        return bytes.Count("\n\n"u8) + bytes.Count("\n\r\n"u8) + (seam ? 1 : 0);
    }

    /// <summary>Called once after the last bytes.</summary>
    public abstract void End();

    public abstract void Dispose();

    protected abstract void Watch(ReadOnlySpan<byte> bytes);

    /// <summary>A whole JSON answer. Usage stands near its end, so only a tail is kept of a long one.</summary>
    private sealed class Whole(IDialect dialect) : UsageTap(dialect)
    {
        private const int TailBytes = 16384;
        private PooledBuffer? _tail;

        protected override void Watch(ReadOnlySpan<byte> bytes)
        {
            OutputBytes += bytes.Length;
            _tail ??= new PooledBuffer(Math.Min(bytes.Length, TailBytes));
            if (_tail.Length + bytes.Length > 2 * TailBytes)
            {
                KeepTail(bytes.Length);
                bytes = bytes.Length > TailBytes ? bytes[^TailBytes..] : bytes;
            }

            bytes.CopyTo(_tail.GetSpan(bytes.Length));
            _tail.Advance(bytes.Length);
        }

        public override void End()
        {
            var tail = _tail is null ? default : _tail.Memory.Span;
            var at = tail.LastIndexOf("\"usage\""u8);
            if (at < 1 || tail[at - 1] == (byte)'\\')
            {
                return;
            }

            // From the member on, behind a brace of our own, the tail reads like an object that begins with usage.
            Span<byte> payload = stackalloc byte[Math.Min(tail.Length - at, 2048) + 1];
            payload[0] = (byte)'{';
            tail.Slice(at, payload.Length - 1).CopyTo(payload[1..]);
            if (Dialect.TryReadUsage(payload, out var usage))
            {
                Usage = usage;
            }
        }

        public override void Dispose() => _tail?.Dispose();

        private void KeepTail(int coming)
        {
            var keep = coming >= TailBytes ? [] : _tail!.Memory.Span[^Math.Min(TailBytes, _tail.Length)..].ToArray();
            _tail!.Clear();
            keep.CopyTo(_tail.GetSpan(keep.Length));
            _tail.Advance(keep.Length);
        }
    }

    /// <summary>Server-sent events, which may be cut anywhere. Only a line that names usage is read; an unfinished one is kept, up to a limit.</summary>
    private sealed class Events(IDialect dialect, bool counts, ContentCopy? copy) : UsageTap(dialect)
    {
        private const int MaxLine = 256 << 10;
        private PooledBuffer? _line;
        private bool _skipping;

        private bool Copies => copy is { TakesMore: true };

        protected override void Watch(ReadOnlySpan<byte> bytes)
        {
            while (!bytes.IsEmpty)
            {
                var end = bytes.IndexOf((byte)'\n');
                if (end < 0)
                {
                    Carry(bytes);
                    return;
                }

                if (_line is { Length: > 0 })
                {
                    Carry(bytes[..end]);
                    Look(_skipping ? default : _line.Memory.Span);
                    _line.Clear();
                }
                else if (counts || Copies)
                {
                    Look(bytes[..end]);
                }
                else
                {
                    // Most reads are whole events: jump to the line that says "usage", if there is one.
                    end = Math.Max(end, LastEndBeforeUsage(bytes));
                    Look(bytes[..end]);
                }

                _skipping = false;
                bytes = bytes[(end + 1)..];
            }
        }

        public override void End()
        {
            if (_line is { Length: > 0 } && !_skipping)
            {
                Look(_line.Memory.Span);
            }
        }

        public override void Dispose() => _line?.Dispose();

        private static int LastEndBeforeUsage(ReadOnlySpan<byte> bytes)
        {
            var usage = bytes.IndexOf("\"usage\""u8);
            return usage < 0 ? bytes.LastIndexOf((byte)'\n') : bytes[..usage].LastIndexOf((byte)'\n');
        }

        private void Look(ReadOnlySpan<byte> line)
        {
            if (Copies && line.StartsWith("data:"u8))
            {
                OutputBytes += Dialect.CopyText(line[5..].Trim(" \r"u8), copy!);
            }
            else if (counts && line.StartsWith("data:"u8))
            {
                OutputBytes += Dialect.CountText(line[5..].Trim(" \r"u8));
            }

            if (
                line.StartsWith("data:"u8)
                && line.IndexOf("\"usage\""u8) >= 0
                && Dialect.TryReadUsage(line[5..].Trim(" \r"u8), out var usage)
            )
            {
                Usage = usage;
            }
        }

        private void Carry(ReadOnlySpan<byte> bytes)
        {
            _line ??= new PooledBuffer(1024);
            if (!_skipping && _line.Length + bytes.Length > MaxLine)
            {
                _skipping = true;
                OutputBytes += counts ? _line.Length : 0;
            }

            if (_skipping)
            {
                // Nobody reads so long a line; it counts as it is.
                OutputBytes += counts ? bytes.Length : 0;
            }
            else
            {
                bytes.CopyTo(_line.GetSpan(bytes.Length));
                _line.Advance(bytes.Length);
            }
        }
    }
}
