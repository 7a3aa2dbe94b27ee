namespace Bifrost.Web.Parts;

/// <summary>Short words on what was just done, shown for some seconds in a corner of the page.</summary>
public sealed class Toasts
{
    private readonly List<Toast> _shown = [];
    private readonly List<object> _places = [];

    /// <summary>Raised when there is something else to show.</summary>
    public event Action? Changed;

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<Toast> Shown => _shown;

    /// <summary>A place opens where they can be seen: an open panel makes everything behind it unreachable, so that the newest place has them.</summary>
    public void Open(object place) => Change(() => _places.Add(place));

    /// <summary>A place closes.</summary>
    public void Close(object place) => Change(() => _places.Remove(place));

    /// <summary>Whether they are shown at this place.</summary>
    public bool AreAt(object place) => _places.Count > 0 && _places[^1] == place;

    /// <summary>Shows one, instead of an older one that says the same.</summary>
    public void Show(Toast toast)
    {
        _shown.RemoveAll(t => t.Text == toast.Text);
        _shown.Add(toast);
        if (_shown.Count > 4)
        {
            _shown.RemoveAt(0);
        }

        Changed?.Invoke();
    }

    /// <summary>Takes one away.</summary>
    public void Remove(Toast toast)
    {
        if (_shown.Remove(toast))
        {
            Changed?.Invoke();
        }
    }

    private void Change(Action places)
    {
        places();
        Changed?.Invoke();
    }
}

/// <summary>A word on something done. Two of the same words are two things.</summary>
/// <param name="text">One sentence.</param>
/// <param name="kind">Whether it went well.</param>
public sealed class Toast(string text, ToastKind kind = ToastKind.Good)
{
    /// <summary>One sentence.</summary>
    public string Text => text;

    /// <summary>Whether it went well.</summary>
    public ToastKind Kind => kind;

    /// <summary>Takes back what was done, or null.</summary>
    public Func<Task>? Undo { get; init; }
}

/// <summary>Whether something went well.</summary>
public enum ToastKind
{
    /// <summary>Done.</summary>
    Good,

    /// <summary>Not done.</summary>
    Bad,
}
