using System.Text;

namespace Bifrost.Providers.Replicate;

/// <summary>Remembers what was passed on, and finds in a stream that was opened again what was not. A server may go on after the last event
/// or start over, with the same event ids or with new ones; whichever it does, each character is passed on once. Not thread-safe.</summary>
internal sealed class SentText
{
    private readonly StringBuilder _sent = new();
    private readonly HeardIds _ids = new();
    private readonly StringBuilder _heard = new();
    private string _known = "";
    private int _taken;
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
    public string LastId => _ids.Last;

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

    /// <summary>What is to be passed on and has not been taken yet, possibly nothing.</summary>
    public string TakeNew()
    {
        var start = _taken;
        _taken = _sent.Length;
        return _sent.ToString(start, _taken - start);
    }

    /// <summary>Takes an output event.</summary>
    public void Hear(ReadOnlySpan<byte> text, ReadOnlySpan<byte> id)
    {
        if (_mode == Mode.Opened)
        {
            _mode =
                _ids.Contains(id) ? Mode.ById
                : _ids.Follows(id) ? Mode.New
                : Mode.ByText;
        }

        var isNew = id.IsEmpty || _ids.Add(id);
        if (_mode == Mode.ByText)
        {
            Compare(Encoding.UTF8.GetString(text));
        }
        else if (_mode != Mode.ById || isNew)
        {
            Pass(text);
        }
    }

    /// <summary>Passes on what the whole output has beyond what was passed on. False: it does not begin with that.</summary>
    public bool TryPassRest(string whole)
    {
        if (whole.Length >= _sent.Length && _sent.Equals(whole.AsSpan(0, _sent.Length)))
        {
            _sent.Append(whole.AsSpan(_sent.Length));
            return true;
        }

        return _sent.ToString().StartsWith(whole, StringComparison.Ordinal);
    }

    private void Compare(string text)
    {
        _heard.Append(text);
        var (heard, sent) = (_heard.ToString(), _sent.ToString());
        var startsOver = Agree(heard, _known);
        var goesOn = Agree(sent + heard, _known);
        if (startsOver)
        {
            if (heard.Length < sent.Length || (heard.Length == sent.Length && goesOn))
            {
                return;
            }

            _mode = Mode.New;
            _sent.Append(heard, sent.Length, heard.Length - sent.Length);
            return;
        }

        _mode = Mode.New;
        Diverged = !goesOn;
        if (goesOn)
        {
            _sent.Append(heard);
        }
    }

    private void Pass(ReadOnlySpan<byte> text)
    {
        Span<char> place = stackalloc char[256];
        if (text.Length <= place.Length)
        {
            _sent.Append(place[..Encoding.UTF8.GetChars(text, place)]);
        }
        else
        {
            _sent.Append(Encoding.UTF8.GetString(text));
        }
    }

    private static bool Agree(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);
}
