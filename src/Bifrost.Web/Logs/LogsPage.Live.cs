namespace Bifrost.Web.Logs;

/// <summary>What the page does with requests as they end.</summary>
public partial class LogsPage
{
    private bool _isPointedAt;
    private int _held;

    /// <summary>Follows what comes where that is wanted, and for the first request of all.</summary>
    private void Follow()
    {
        var path =
            _list is { HasLogs: false } ? "api/logs/live"
            : Query.IsLive ? $"api/logs/live?{Query.Filter(withTime: false).TrimStart('&')}"
            : null;
        _live.Follow(
            path,
            ShowAsync,
            problem =>
            {
                _liveProblem = problem;
                StateHasChanged();
            },
            Closed
        );
    }

    private async Task ShowAsync(IReadOnlyList<LogItem> rows)
    {
        if (_list is not { HasLogs: true })
        {
            // The first of all: it may not be in the log yet, but it will be.
            for (var tries = 0; tries < 5 && _list is not { HasLogs: true }; tries++)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(400), Clock, Closed);
                await ReadRowsAsync();
            }

            Follow();
            await Task.WhenAll(ReadSidesAsync(), ReadValuesAsync());
            _ = ReadMessagesAsync();
            StateHasChanged();
            return;
        }

        if (_isPointedAt || Id is not null)
        {
            // Nobody can hit what moves.
            var shown = _list.Logs.Select(static r => r.Id).ToHashSet();
            _held = _live.Recent.Count(r => !shown.Contains(r.Id));
        }
        else
        {
            _list = _list with { Logs = _live.Merge(_list.Logs, rows) };
            _ = ReadMessagesAsync();
        }

        StateHasChanged();
        if (Clock.GetUtcNow() > _sidesAt)
        {
            await ReadSumsAsync(Query.Filter());
        }
    }

    private void Point(bool isThere)
    {
        _isPointedAt = isThere;
        LetGo();
    }

    private void LetGo()
    {
        if (_held > 0 && !_isPointedAt && Id is null && _list is { } list)
        {
            _held = 0;
            if (Query.IsLive)
            {
                _list = list with { Logs = _live.Merge(list.Logs, _live.Recent) };
                _ = ReadMessagesAsync();
            }
        }
    }
}
