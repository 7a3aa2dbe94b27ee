namespace Bifrost.Wire.Dialects.Replicate;

/// <summary>Cuts a streaming text before the first stop sequence that is complete, across chunk borders; of two that are complete at the same
/// character, before the longer. Holds back only what could be the beginning of one. Any chunking of a text gives the same result.
/// One stream, one cutter.</summary>
public sealed class StopCutter
{
    private readonly List<string> _stops = [];
    private string _held = "";

    /// <param name="stops">Empty ones are ignored.</param>
    public StopCutter(IReadOnlyList<string> stops)
    {
        ArgumentNullException.ThrowIfNull(stops);
        foreach (var stop in stops)
        {
            if (stop.Length > 0)
            {
                _stops.Add(stop);
            }
        }
    }

    /// <summary>A stop sequence was met: the rest of the text is to be ignored and the prediction can be cancelled.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Takes the next text and gives what may be shown, possibly nothing.</summary>
    public string Push(string text)
    {
        if (Stopped)
        {
            return "";
        }

        if (_stops.Count == 0)
        {
            return text;
        }

        var all = _held.Length == 0 ? text : _held + text;
        if (FirstStop(all) is { } start)
        {
            (Stopped, _held) = (true, "");
            return all[..start];
        }

        var keep = Unsure(all);
        _held = all[^keep..];
        return all[..^keep];
    }

    /// <summary>Called once at the end: gives what was held back.</summary>
    public string End()
    {
        var rest = _held;
        _held = "";
        return rest;
    }

    private int? FirstStop(string text)
    {
        int? first = null;
        var firstEnd = int.MaxValue;
        foreach (var stop in _stops)
        {
            var at = text.IndexOf(stop, StringComparison.Ordinal);
            if (at < 0)
            {
                continue;
            }

            var end = at + stop.Length;
            if (end < firstEnd || (end == firstEnd && at < first))
            {
                (first, firstEnd) = (at, end);
            }
        }

        return first;
    }

    /// <summary>Length of the longest end of the text that is the beginning of a stop sequence.</summary>
    private int Unsure(string text)
    {
        var longest = 0;
        foreach (var stop in _stops)
        {
            for (var length = Math.Min(stop.Length - 1, text.Length); length > longest; length--)
            {
                if (text.AsSpan(text.Length - length).SequenceEqual(stop.AsSpan(0, length)))
                {
                    longest = length;
                }
            }
        }

        return longest;
    }
}
