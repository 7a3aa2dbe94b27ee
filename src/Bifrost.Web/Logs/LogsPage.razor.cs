using System.Globalization;
using System.Text.Json.Nodes;
using Bifrost.Web.Api;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace Bifrost.Web.Logs;

/// <summary>The log: a page of rows first, what they add up to afterwards.</summary>
public partial class LogsPage
{
    private const string ColumnsKey = "log-columns";

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(150);

    private MessageReader _reader = null!;
    private LiveRows _live = null!;
    private LogList? _list;
    private LogQuery _listQuery = null!;
    private LogQuery _sidesQuery = null!;
    private Totals? _stats;
    private RequestHistogram? _histogram;
    private LogValues? _values;
    private Problem? _problem;
    private Problem? _sideProblem;
    private string? _liveProblem;
    private string? _listed;
    private DateTimeOffset _asOf;
    private bool _isOff;
    private bool _isBusy;
    private bool _isSumming;
    private string? _sidesFor;
    private string? _focus;
    private IReadOnlyList<string> _columns = LogColumn.Usual;
    private DateTimeOffset _sidesAt;
    private bool _isLeft;

    /// <summary>The request that is open.</summary>
    [SupplyParameterFromQuery]
    public string? Id { get; set; }

    /// <summary>Which part of it.</summary>
    [SupplyParameterFromQuery]
    public string? View { get; set; }

    private LogQuery Query { get; set; } = null!;

    private string Origin => new Uri(Nav.BaseUri).GetLeftPart(UriPartial.Authority);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _reader = new MessageReader(Clock);
        _live = new LiveRows(Api, Clock, action => InvokeAsync(() => _isLeft ? Task.CompletedTask : action()));
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var now = Clock.GetUtcNow();
        var listed = LogQuery.Of(Nav.Uri, now).With(("id", null), ("view", null), ("recalculate", null));
        if (listed == _listed)
        {
            // What is opened in a list leaves the list as it is, though time goes on.
            Query = LogQuery.Of(Nav.Uri, _asOf);
            LetGo();
            return;
        }

        (_listed, _asOf) = (listed, now);
        Query = LogQuery.Of(Nav.Uri, now);
        _sidesQuery ??= Query;
        if (Visitor.IsLive)
        {
            // First: nothing that ends meanwhile is missed.
            Follow();
        }

        await ReadRowsAsync();
        if (Visitor.IsLive && !_isLeft)
        {
            Follow();
            _ = ReadSidesAsync();
            _ = ReadMessagesAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            if (await Js.InvokeAsync<string?>("bifrost.recall", ColumnsKey) is { } kept)
            {
                _columns = LogColumn.Known(kept.Split(','));
                StateHasChanged();
                _ = ReadMessagesAsync();
            }

            await ReadValuesAsync();
        }

        if (_focus is { } id)
        {
            _focus = null;
            await Js.InvokeVoidAsync("bifrost.focusRow", id);
        }
    }

    /// <inheritdoc/>
    protected override void Leave()
    {
        _isLeft = true;
        _live.Stop();
    }

    private async Task ReadRowsAsync()
    {
        var listed = _listed;
        var reading = Api.GetAsync<LogList>(Query.RowsPath(Query.After), Closed);
        _ = SayBusyAsync(reading, listed);
        var answer = await reading;
        if (listed != _listed || _isLeft)
        {
            return;
        }

        _live.Forget();
        (_held, _isBusy) = (0, false);
        (_list, _listQuery, _problem) = (answer.Value, Query, answer.Problem);
        if (_list is { HasLogs: true } && Query.IsLive)
        {
            // What is further down belongs to the next page.
            var floor = _list is { Pagination.NextAfter: not null, Logs: [.., var last] } ? last.Timestamp : DateTimeOffset.MinValue;
            _list = _list with { Logs = _live.Merge(_list.Logs, [.. _live.Recent.Where(r => r.Timestamp > floor)]) };
        }
    }

    // Rows that come at once are not dimmed before: it would be one more picture to draw, and seen by nobody.
    private async Task SayBusyAsync(Task reading, string? listed)
    {
        await Task.WhenAny(reading, Task.Delay(Patience, Clock));
        if (!reading.IsCompleted && listed == _listed && !_isLeft)
        {
            _isBusy = true;
            StateHasChanged();
        }
    }

    private async Task ReadAgainAsync()
    {
        _asOf = Clock.GetUtcNow();
        Query = LogQuery.Of(Nav.Uri, _asOf);
        await ReadRowsAsync();
        _sidesFor = null;
        Follow();
        StateHasChanged();
        await Task.WhenAll(ReadSidesAsync(), ReadMessagesAsync());
    }

    /// <summary>Sums and the chart: after the rows, because over many rows they take longer.</summary>
    private async Task ReadSidesAsync()
    {
        var filter = Query.Filter();
        if (_sidesFor == filter || _list is not { HasLogs: true })
        {
            return;
        }

        _sidesFor = filter;
        _isSumming = true;
        await ReadSumsAsync(filter);
    }

    private async Task ReadSumsAsync(string filter)
    {
        var began = Clock.GetUtcNow();
        _sidesAt = DateTimeOffset.MaxValue;
        var stats = Api.GetAsync<Totals>($"api/logs/stats?{filter[1..]}", Closed);
        var histogram = Api.GetAsync<RequestHistogram>(
            $"api/logs/histogram?bucket_seconds={LogSummary.BucketOf(Query.Period)}{filter}",
            Closed
        );
        await Task.WhenAll(stats, histogram);
        if (_sidesFor == filter && !_isLeft)
        {
            var (sums, times) = (await stats, await histogram);
            (_stats, _histogram, _sideProblem) = (sums.Value, times.Value, sums.Problem ?? times.Problem);
            (_sidesQuery, _isSumming) = (Query, false);
            // The longer it took, the longer before it is asked again.
            var now = Clock.GetUtcNow();
            _sidesAt = now + TimeSpan.FromSeconds(4) + ((now - began) * 10);
            StateHasChanged();
        }
    }

    private async Task ReadMessagesAsync()
    {
        if (_columns.Contains("message") && _list is { } list)
        {
            await _reader.FillAsync(
                Api,
                list.Logs,
                () =>
                    InvokeAsync(() =>
                    {
                        if (!_isLeft)
                        {
                            StateHasChanged();
                        }
                    }),
                Closed
            );
        }
    }

    private async Task ReadValuesAsync()
    {
        var values = Api.GetAsync<LogValues>("api/logs/filterdata", Closed);
        var settings = await Api.GetAsync<JsonObject>("api/config", Closed);
        _isOff = settings.Value?["client_config"]?["enable_logging"] is JsonValue kept && kept.TryGetValue<bool>(out var isKept) && !isKept;
        _values = (await values).Value;
        if (!_isLeft)
        {
            StateHasChanged();
        }
    }

    private async Task NewerAsync()
    {
        if (Query.Page <= 2)
        {
            Go(Query.Other());
            return;
        }

        // The page two before this one ends where the one before begins.
        var before = await Api.GetAsync<LogList>(Query.RowsPath(null, ((Query.Page - 2) * LogQuery.PageSize) - 1, 1), Closed);
        Go(
            before.Value?.Pagination.NextAfter is { } after
                ? Query.With(("after", after), ("page", (Query.Page - 1).ToString(CultureInfo.InvariantCulture)))
                : Query.Other()
        );
    }

    private async Task KeepColumnsAsync(IReadOnlyList<string> columns)
    {
        _columns = columns;
        await Js.InvokeVoidAsync("bifrost.remember", ColumnsKey, string.Join(',', columns));
        _ = ReadMessagesAsync();
    }

    private async Task RecalculatedAsync(bool changed)
    {
        Go(Query.With(("recalculate", null)));
        if (changed)
        {
            await ReadAgainAsync();
        }
    }

    private void Close()
    {
        _focus = Id;
        Go(Query.With(("id", null), ("view", null)));
    }

    private void SwitchLive() => Go(Query.With(("live", Query.WantsLive ? null : "true")));

    private void Go(string address) => Nav.NavigateTo(address);
}
