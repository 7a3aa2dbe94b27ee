using System.Text.Json;
using System.Text.Json.Nodes;
using Bifrost.Web.Api;

namespace Bifrost.Web.Logs;

/// <summary>Rows as they come, gathered so that a page is drawn four times a second at most, however many there are.</summary>
internal sealed class LiveRows(GatewayApi api, TimeProvider clock, Func<Func<Task>, Task> onPage)
{
    /// <summary>Rows shown at most; the oldest go.</summary>
    public const int Most = 200;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Queue<string> _waiting = [];
    private readonly HashSet<string> _new = [];
    private readonly Queue<LogItem> _recent = [];
    private CancellationTokenSource? _following;
    private string? _path;

    /// <summary>Ids of rows that came while the page was open.</summary>
    public IReadOnlySet<string> New => _new;

    /// <summary>What came since it is followed; some of it may not be in the log yet.</summary>
    public IReadOnlyList<LogItem> Recent => [.. _recent];

    /// <summary>Whether rows had to go for want of room.</summary>
    public bool HasDropped { get; private set; }

    /// <summary>Another list begins.</summary>
    public void Forget()
    {
        _new.Clear();
        HasDropped = false;
    }

    /// <summary>Follows another feed, or none.</summary>
    public void Follow(string? path, Func<IReadOnlyList<LogItem>, Task> show, Action<string?> tell, CancellationToken left)
    {
        if (path == _path)
        {
            return;
        }

        Stop();
        _path = path;
        _recent.Clear();
        tell(null);
        if (path is not null)
        {
            _following = CancellationTokenSource.CreateLinkedTokenSource(left);
            _ = FollowAsync(path, show, tell, _following.Token);
        }
    }

    /// <summary>Ends it.</summary>
    public void Stop()
    {
        _following?.Cancel();
        _following?.Dispose();
        _following = null;
        _path = null;
    }

    /// <summary>Puts rows where they belong, the newest first.</summary>
    public IReadOnlyList<LogItem> Merge(IReadOnlyList<LogItem> shown, IReadOnlyList<LogItem> came)
    {
        var known = shown.Select(static r => r.Id).ToHashSet();
        var added = came.Where(r => known.Add(r.Id)).ToList();
        _new.UnionWith(added.Select(static r => r.Id));
        var all = added.Concat(shown).OrderByDescending(static r => r.Timestamp).ToList();
        HasDropped |= all.Count > Most;
        return all.Count > Most ? all[..Most] : all;
    }

    private async Task FollowAsync(string path, Func<IReadOnlyList<LogItem>, Task> show, Action<string?> tell, CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            try
            {
                await foreach (var message in api.EventsAsync(path, cancel))
                {
                    Take(message.Data, show, cancel);
                }
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                return;
            }
            catch (Exception broken) when (broken is HttpRequestException or IOException or OperationCanceledException)
            {
                await onPage(() =>
                {
                    tell("New requests do not arrive at the moment; too many may be watching. Trying again …");
                    return Task.CompletedTask;
                });
            }

            try
            {
                await Task.Delay(TimeSpan.FromSeconds(3), clock, cancel);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private void Take(string message, Func<IReadOnlyList<LogItem>, Task> show, CancellationToken cancel)
    {
        lock (_gate)
        {
            _waiting.Enqueue(message);
            if (_waiting.Count > Most)
            {
                _waiting.Dequeue();
            }

            if (_waiting.Count > 1)
            {
                return;
            }
        }

        _ = ShowSoonAsync(show, cancel);
    }

    private async Task ShowSoonAsync(Func<IReadOnlyList<LogItem>, Task> show, CancellationToken cancel)
    {
        try
        {
            await Task.Delay(Pause, clock, cancel);
            List<string> messages;
            lock (_gate)
            {
                messages = [.. _waiting];
                _waiting.Clear();
            }

            var rows = messages.Select(RowOf).OfType<LogItem>().ToList();
            if (rows.Count > 0)
            {
                await onPage(() =>
                {
                    if (cancel.IsCancellationRequested)
                    {
                        return Task.CompletedTask;
                    }

                    foreach (var row in rows)
                    {
                        _recent.Enqueue(row);
                        if (_recent.Count > Most)
                        {
                            _recent.Dequeue();
                        }
                    }

                    return show(rows);
                });
            }
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                _waiting.Clear();
            }
        }
    }

    private static LogItem? RowOf(string message)
    {
        var node = JsonNode.Parse(message);
        return (string?)node?["type"] == "log" ? node["payload"].Deserialize<LogItem>(GatewayApi.Written) : null;
    }
}
