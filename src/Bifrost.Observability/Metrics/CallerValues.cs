using System.Collections.Concurrent;
using System.Text;

namespace Bifrost.Observability.Metrics;

/// <summary>Values of a label that callers choose: the first so many are told apart, so that nobody fills the table with made-up names.</summary>
internal sealed class CallerValues(int most)
{
    public const string Other = "other";

    private readonly ConcurrentDictionary<string, string> _known = new(StringComparer.Ordinal);
    private int _count;
    private long _overflowed;

    public long Overflowed => Volatile.Read(ref _overflowed);

    /// <summary>The value, or <c>other</c>.</summary>
    /// <param name="value">As the caller wrote it.</param>
    /// <param name="learn">False: only a value that is known already is told apart.</param>
    public string Of(string value, bool learn = true)
    {
        // As it will stand in the text: two values that look alike there must be one, or their series would come twice.
        if (value.Length > LabelText.MaxLength)
        {
            value = value[..LabelText.MaxLength];
        }

        if (_known.TryGetValue(value, out var known))
        {
            return known;
        }

        if (value.Length == 0)
        {
            return value;
        }

        if (!learn)
        {
            return Other;
        }

        if (Volatile.Read(ref _count) >= most)
        {
            Interlocked.Increment(ref _overflowed);
            return Other;
        }

        var shown = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(value));
        if (_known.TryAdd(value, shown))
        {
            Interlocked.Increment(ref _count);
        }

        return shown;
    }
}
