using System.Runtime.CompilerServices;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>Follows the text of a prediction from its start to its end, whatever happens to the line. One prediction, one follower.</summary>
/// <param name="running">As created.</param>
/// <param name="blocking">Creation waited for the result, so there is nothing to stream.</param>
/// <param name="deadline">When the prediction's own deadline passes.</param>
/// <param name="inPieces">The text comes as the model gave it, piece by piece; else what has come at once is one piece.</param>
internal sealed class TextFollower(RunningPrediction running, bool blocking, DateTimeOffset deadline, bool inPieces)
{
    /// <summary>Connections beyond the first.</summary>
    private const int MaxReconnects = 3;

    /// <summary>A cold model says nothing, and idle streams are cut after 30 seconds; those losses are no sign of trouble.</summary>
    private const int MaxColdReconnects = 20;

    private readonly ReplicateRuntime _runtime = running.Client.Runtime;
    private readonly SentText _sent = new();
    private string? _error;
    private string? _reason;
    private int _losses;
    private int _coldLosses;

    /// <summary>Why there is no more text, when that is not the answer's own end. Set when the sequence is over.</summary>
    public Fault? Fault { get; private set; }

    /// <summary>What can be done about <see cref="Fault"/>.</summary>
    public Remedy Remedy { get; private set; }

    /// <summary>The text, piece by piece. Throws only when <paramref name="cancel"/> is cancelled.</summary>
    public async IAsyncEnumerable<string> FollowAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var poller = new PredictionPoller(running);

        // 1 Listen. A line that is lost is opened again, unless the prediction is over meanwhile.
        var address = blocking ? null : running.Latest.StreamUrl;
        while (address is not null && _reason is null && !running.Latest.IsTerminal && MayOpen)
        {
            var (line, refused) = await PredictionEvents.OpenAsync(running.Client, address, _sent, inPieces, cancel);
            if (refused is not null)
            {
                Fault = refused;
                yield break;
            }

            await using (line)
            {
                while (line is not null && !_sent.Diverged && await line.NextAsync(cancel) is { Kind: not EventKind.Lost } heard)
                {
                    if (heard.Kind == EventKind.Error)
                    {
                        _error = heard.Text;
                    }
                    else if (heard.Kind == EventKind.Done)
                    {
                        _reason = heard.Text;
                        break;
                    }
                    else if (heard.Text.Length > 0)
                    {
                        yield return heard.Text;
                    }
                }
            }

            if (_sent.TakeNew() is { Length: > 0 } last)
            {
                yield return last;
            }

            // 2 Lost: the prediction itself knows how far it is.
            if (_reason is null && !await LookAsync(poller, cancel))
            {
                yield break;
            }
        }

        // 3 No stream to listen to: ask again and again, and pass on what has grown.
        _ = blocking && await PredictionWait.SettleAsync(running, cancel) is not null;
        while (!running.Latest.IsTerminal && _reason is null)
        {
            if ((await poller.NextAsync(cancel)).Failed(out var fault, out var now))
            {
                Fault = fault;
                yield break;
            }

            if (!now.IsTerminal && _sent.TryPassRest(PredictionText.Join(now.Output)) && _sent.TakeNew() is { Length: > 0 } grown)
            {
                yield return grown;
            }
        }

        // 4 The end: how it went and what it used is known only to the prediction.
        if (await SeeEndAsync(poller, cancel) is { } unseen)
        {
            Fault = unseen;
            yield break;
        }

        Fault = Verdict();
        if (Fault is null)
        {
            if (!_sent.TryPassRest(PredictionText.Join(running.Latest.Output)))
            {
                Fault = _losses + _coldLosses == 0 ? null : Broken();
            }
            else if (_sent.TakeNew() is { Length: > 0 } rest)
            {
                yield return rest;
            }
        }
    }

    private bool MayOpen => _losses <= MaxReconnects && _coldLosses <= MaxColdReconnects && !_sent.Diverged;

    private async Task<bool> LookAsync(PredictionPoller poller, CancellationToken cancel)
    {
        if ((await poller.NextAsync(cancel, atOnce: true)).Failed(out var fault, out var now))
        {
            Fault = fault;
            return false;
        }

        if (now.Status == PredictionStatus.Starting)
        {
            _coldLosses++;
        }
        else
        {
            _losses++;
        }

        _sent.OpenAgain(PredictionText.Join(now.Output));
        if (!now.IsTerminal)
        {
            await Task.Delay(_runtime.Pace.Scaled(TimeSpan.FromMilliseconds(100 * (_losses + _coldLosses))), _runtime.Clock, cancel);
        }

        return true;
    }

    /// <summary>The stream's end runs ahead of the prediction's by a moment. An end that cannot be seen costs the metrics; after a loss it
    /// could cost a part of the answer, so then it is waited for.</summary>
    private async Task<Fault?> SeeEndAsync(PredictionPoller poller, CancellationToken cancel)
    {
        for (var look = 0; look < 4 && !running.Latest.IsTerminal; look++)
        {
            await Task.Delay(_runtime.Pace.Scaled(TimeSpan.FromMilliseconds(look == 0 ? 0 : 50 << look)), _runtime.Clock, cancel);
            if (!(await running.Client.GetAsync(running.Id, cancel)).Failed(out _, out var now))
            {
                running.See(now);
            }
        }

        while (_losses + _coldLosses > 0 && !running.Latest.IsTerminal)
        {
            if ((await poller.NextAsync(cancel)).Failed(out var fault, out _))
            {
                return fault;
            }
        }

        running.Release();
        return null;
    }

    private Fault? Verdict()
    {
        var end = running.Latest;
        if (
            _reason is { Length: > 0 }
            && end.Status is not (PredictionStatus.Failed or PredictionStatus.Canceled or PredictionStatus.Aborted)
        )
        {
            end = end with { Status = _reason == "canceled" ? PredictionStatus.Canceled : PredictionStatus.Failed };
        }

        var late = _runtime.Clock.GetUtcNow() >= deadline;
        var trouble = ReplicateFaults.OfPrediction(end with { Error = end.Error ?? _error }, pastDeadline: late);
        Remedy = trouble?.Remedy ?? Remedy.None;
        return trouble?.Fault;
    }

    private Fault Broken() =>
        new(FaultKind.UpstreamInvalid, $"The stream of prediction {running.Id} broke and could not be joined together again.");
}
