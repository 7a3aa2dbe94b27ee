using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace Bifrost.Web.Api;

/// <summary>Hands what was read for the first picture of a page over to the live one, so that nothing is read twice and nothing jumps. The data stays on this side: the
/// page carries a number only.</summary>
internal sealed class Handoff : IDisposable
{
    private const string Name = "handoff";

    private readonly HandedOver _shelf;
    private readonly PersistentComponentState _state;
    private readonly PersistingComponentStateSubscription? _saving;
    private readonly Dictionary<string, Read> _read = [];
    private Dictionary<string, Read>? _given;
    private bool _isOpen;

    public Handoff(HandedOver shelf, PersistentComponentState state, Visitor visitor)
    {
        (_shelf, _state) = (shelf, state);
        if (visitor.IsLive)
        {
            return;
        }

        _saving = state.RegisterOnPersisting(
            () =>
            {
                state.PersistAsJson(Name, shelf.Put(_read));
                return Task.CompletedTask;
            },
            RenderMode.InteractiveServer
        );
    }

    public void Keep(string path, Read read)
    {
        if (_saving is not null)
        {
            _read[path] = read;
        }
    }

    /// <summary>Once for each path.</summary>
    public Read? Take(string path)
    {
        if (!_isOpen)
        {
            _isOpen = true;
            _given = _state.TryTakeFromJson<string>(Name, out var id) && id is not null ? _shelf.Take(id) : null;
        }

        return _given is not null && _given.Remove(path, out var read) ? read : null;
    }

    public void Dispose() => _saving?.Dispose();
}

/// <summary>What waits to be taken over: for half a minute, and of the newest pages only. Thread-safe.</summary>
internal sealed class HandedOver(TimeProvider clock)
{
    private const int Most = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (DateTimeOffset At, Dictionary<string, Read> Read)> _waiting = [];

    public string Put(Dictionary<string, Read> read)
    {
        var now = clock.GetUtcNow();
        foreach (var (old, entry) in _waiting)
        {
            if (now - entry.At > Patience || _waiting.Count >= Most)
            {
                _waiting.TryRemove(old, out _);
            }
        }

        var id = Guid.NewGuid().ToString("N");
        _waiting[id] = (now, read);
        return id;
    }

    public Dictionary<string, Read>? Take(string id) =>
        _waiting.TryRemove(id, out var entry) && clock.GetUtcNow() - entry.At <= Patience ? entry.Read : null;
}

/// <summary>What was read: the text, which version it is where the API tells, and whether a simulator stands behind it.</summary>
internal sealed record Read(string Text, string? Version, bool IsSimulated);
