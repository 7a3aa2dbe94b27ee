using System.Buffers.Text;
using System.Text;

namespace Bifrost.Providers.Replicate;

/// <summary>The ids of a stream's events. They are <c>seconds:number</c> and count up, so a run of them is remembered by its ends; the few that are different,
/// by themselves. Not thread-safe.</summary>
internal sealed class HeardIds
{
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);
    private byte[]? _series;
    private long _first;
    private long _newest;

    // Null: it was the newest of the run.
    private string? _last = "";

    /// <summary>The id heard last; empty when there was none.</summary>
    public string Last => _last ?? $"{Encoding.UTF8.GetString(_series!)}{_newest}";

    /// <summary>False: it was heard before.</summary>
    public bool Add(ReadOnlySpan<byte> id)
    {
        if (TryRead(id, out var series, out var number))
        {
            if (_series is null)
            {
                (_series, _first, _newest, _last) = (series.ToArray(), number, number, null);
                return true;
            }

            if (series.SequenceEqual(_series) && number == _newest + 1)
            {
                (_newest, _last) = (number, null);
                return _others.Count == 0 || !_others.Remove(Last);
            }
        }

        _last = Encoding.UTF8.GetString(id);
        return !IsInRun(id) && _others.Add(_last);
    }

    public bool Contains(ReadOnlySpan<byte> id) => IsInRun(id) || (_others.Count > 0 && _others.Contains(Encoding.UTF8.GetString(id)));

    /// <summary>It has a higher number than the last, in the same series.</summary>
    public bool Follows(ReadOnlySpan<byte> id) =>
        TryRead(id, out var series, out var number)
        && TryRead(Encoding.UTF8.GetBytes(Last), out var lastSeries, out var last)
        && series.SequenceEqual(lastSeries)
        && number > last;

    private bool IsInRun(ReadOnlySpan<byte> id) =>
        TryRead(id, out var series, out var number) && series.SequenceEqual(_series) && number >= _first && number <= _newest;

    // Only as we would write it ourselves: 1:01 is another id than 1:1.
    private static bool TryRead(ReadOnlySpan<byte> id, out ReadOnlySpan<byte> series, out long number)
    {
        var start = id.LastIndexOf((byte)':') + 1;
        series = id[..start];
        var digits = id[start..];
        return Utf8Parser.TryParse(digits, out number, out var used)
            && used == digits.Length
            && start > 1
            && char.IsAsciiDigit((char)digits[0])
            && (digits[0] != '0' || digits.Length == 1);
    }
}
