using System.Collections.Concurrent;
using Bifrost.Web.Api;

namespace Bifrost.Web.Logs;

/// <summary>Reads what was asked last, for the rows on the page; a few at a time, after the rows themselves are there.</summary>
internal sealed class MessageReader(TimeProvider clock)
{
    private const int AtOnce = 6;
    private const int Kept = 1000;

    private readonly ConcurrentDictionary<string, string> _read = [];
    private int _round;
    private bool _isHidden;

    /// <summary>By the request's id.</summary>
    public IReadOnlyDictionary<string, string> Read => _read;

    /// <summary>Reads what is missing; what is asked for later takes its place.</summary>
    public async Task FillAsync(GatewayApi api, IReadOnlyList<LogItem> rows, Func<Task> draw, CancellationToken left)
    {
        var round = ++_round;
        var missing = rows.Where(r => r.HasPayload && !_read.ContainsKey(r.Id)).ToList();
        if (_isHidden || missing.Count == 0)
        {
            return;
        }

        if (_read.Count > Kept)
        {
            _read.Clear();
            missing = [.. rows.Where(static r => r.HasPayload)];
        }

        try
        {
            // What has just come may not be in the log yet: it is asked for again.
            for (var tries = 0; tries < 4 && missing.Count > 0; tries++)
            {
                foreach (var some in missing.Chunk(AtOnce * 3))
                {
                    var many = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = left };
                    await Parallel.ForEachAsync(some, many, async (row, cancel) => await ReadAsync(api, row, cancel));
                    if (round != _round || left.IsCancellationRequested)
                    {
                        return;
                    }

                    await draw();
                }

                missing = [.. missing.Where(r => !_read.ContainsKey(r.Id))];
                if (_isHidden || missing.Count == 0)
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(300), clock, left);
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private async Task ReadAsync(GatewayApi api, LogItem row, CancellationToken cancel)
    {
        if (_isHidden)
        {
            return;
        }

        var answer = await api.GetAsync<LogItem>($"api/logs/{Uri.EscapeDataString(row.Id)}?payload=true", cancel);
        _isHidden |= answer.Problem?.Status == 403;
        if (answer.Value is { Payload: { } payload })
        {
            _read[row.Id] = Conversation.LastAsked(payload.Request);
        }
        else if (answer.IsGood)
        {
            _read[row.Id] = "";
        }
    }
}
