using System.Text.Json.Serialization;
using Bifrost.Web.Api;

namespace Bifrost.Web.Logs;

/// <summary>Reads what was asked last, for the rows on the page, after the rows themselves are there.</summary>
internal sealed class MessageReader(TimeProvider clock)
{
    private const int AtOnce = 50;
    private const int Kept = 1000;

    private Dictionary<string, string> _read = [];
    private int _round;
    private bool _isAnswered;

    /// <summary>By the request's id. Another one whenever there are more.</summary>
    public IReadOnlyDictionary<string, string> Read => _read;

    /// <summary>Reads what is missing; what is asked for later takes its place.</summary>
    public async Task FillAsync(GatewayApi api, IReadOnlyList<LogItem> rows, Func<Task> draw, CancellationToken left)
    {
        var round = ++_round;
        var missing = rows.Where(r => r.HasPayload && !_read.ContainsKey(r.Id)).ToList();
        if (missing.Count == 0)
        {
            return;
        }

        if (_read.Count > Kept)
        {
            _read = [];
            missing = [.. rows.Where(static r => r.HasPayload)];
        }

        try
        {
            // What has just come may not be in the log yet: it is asked for again.
            for (var tries = 0; tries < 4 && missing.Count > 0; tries++)
            {
                foreach (var some in missing.Chunk(AtOnce))
                {
                    await ReadAsync(api, some, left);
                    if (round != _round || left.IsCancellationRequested)
                    {
                        return;
                    }

                    await draw();
                }

                missing = [.. missing.Where(r => !_read.ContainsKey(r.Id))];
                if (missing.Count == 0)
                {
                    return;
                }

                await Task.Delay(TimeSpan.FromMilliseconds(300), clock, left);
            }

            if (_isAnswered)
            {
                // Their content was removed: it is not asked for with every row that comes.
                _read = new Dictionary<string, string>(
                    _read.Concat(missing.DistinctBy(static r => r.Id).Select(static r => KeyValuePair.Create(r.Id, "")))
                );
            }
        }
        catch (OperationCanceledException)
        {
            // The page was left.
        }
    }

    private async Task ReadAsync(GatewayApi api, IReadOnlyList<LogItem> rows, CancellationToken left)
    {
        var ids = string.Join(',', rows.Select(static r => Uri.EscapeDataString(r.Id)));
        var answer = await api.GetAsync<Previews>($"api/logs/previews?ids={ids}", left);
        _isAnswered = answer.IsGood;
        if (answer.Value is { ById: { Count: > 0 } lines })
        {
            _read = new Dictionary<string, string>(_read.Concat(lines.Where(l => !_read.ContainsKey(l.Key))));
        }
    }

    private sealed record Previews([property: JsonPropertyName("previews")] IReadOnlyDictionary<string, string> ById);
}
