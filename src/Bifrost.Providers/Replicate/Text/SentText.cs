using System.Globalization;
using System.Text;

namespace Bifrost.Providers.Replicate;

/// <summary>Remembers what was passed on, and finds in a stream that was opened again what was not. A server may go on after the last event
/// or start over, with the same event ids or with new ones; whichever it does, each character is passed on once. Not thread-safe.</summary>
internal sealed class SentText
{
    private readonly StringBuilder _sent = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly StringBuilder _heard = new();
    private string _known = "";
    private Mode _mode = Mode.New;

    private enum Mode
    {
        /// <summary>Everything is new.</summary>
        New,

        /// <summary>The first event after opening again decides.</summary>
        Opened,

        /// <summary>It starts over with the same ids.</summary>
        ById,

        /// <summary>The ids are new: the text itself must show whether it starts over or goes on.</summary>
        ByText,
    }

    /// <summary>The last id heard, to be shown when opening again; empty when there was none.</summary>
    public string LastId { get; private set; } = "";

    /// <summary>What the stream says does not fit what was passed on.</summary>
    public bool Diverged { get; private set; }

    /// <summary>The stream is about to be opened again.</summary>
    /// <param name="joined">The output so far, as the prediction itself shows it.</param>
    public void OpenAgain(string joined)
    {
        var sent = _sent.ToString();
        _known = joined.StartsWith(sent, StringComparison.Ordinal) ? joined : sent;
        _heard.Clear();
        _mode = Mode.Opened;
    }

    /// <summary>Takes an output event and gives what is to be passed on now, possibly nothing.</summary>
    public string Hear(string text, string id)
    {
        if (_mode == Mode.Opened)
        {
            _mode =
                id.Length > 0 && _ids.Contains(id) ? Mode.ById
                : Follows(id, LastId) ? Mode.New
                : Mode.ByText;
        }

        var isNew = id.Length == 0 || _ids.Add(id);
        LastId = id.Length > 0 ? id : LastId;
        return _mode switch
        {
            Mode.ById => isNew ? Pass(text) : "",
            Mode.ByText => Compare(text),
            _ => Pass(text),
        };
    }

    /// <summary>What the whole output has beyond what was passed on; null when it does not begin with that.</summary>
    public string? Rest(string whole)
    {
        var sent = _sent.ToString();
        return whole.StartsWith(sent, StringComparison.Ordinal) ? Pass(whole[sent.Length..])
            : sent.StartsWith(whole, StringComparison.Ordinal) ? ""
            : null;
    }

    /// <summary>Ids are <c>seconds:number</c>; a higher number of the same series goes on.</summary>
    private static bool Follows(string id, string last)
    {
        var (colon, lastColon) = (id.LastIndexOf(':'), last.LastIndexOf(':'));
        return colon > 0
            && colon == lastColon
            && id.AsSpan(0, colon).SequenceEqual(last.AsSpan(0, colon))
            && long.TryParse(id.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && long.TryParse(last.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var before)
            && number > before;
    }

    private string Compare(string text)
    {
        _heard.Append(text);
        var (heard, sent) = (_heard.ToString(), _sent.ToString());
        var startsOver = Agree(heard, _known);
        var goesOn = Agree(sent + heard, _known);
        if (startsOver)
        {
            if (heard.Length < sent.Length || (heard.Length == sent.Length && goesOn))
            {
                return "";
            }

            _mode = Mode.New;
            return Pass(heard[sent.Length..]);
        }

        _mode = Mode.New;
        Diverged = !goesOn;
        return goesOn ? Pass(heard) : "";
    }

    private string Pass(string text)
    {
        _sent.Append(text);
        return text;
    }

    private static bool Agree(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);
}
