using System.Runtime.CompilerServices;
using System.Text;
using Bifrost.Wire.Canonical;
using Bifrost.Wire.Canonical.Chat;
using Bifrost.Wire.Dialects.Replicate;
using Bifrost.Wire.Faults;

namespace Bifrost.Providers.Replicate;

/// <summary>One running prediction as one choice of a reply: its text split into reasoning and answer, cut at stop sequences, and its end put
/// into a reply's words. Disposing of it cancels upstream what has not ended.</summary>
internal sealed class TextRun(RunningPrediction running, PlannedStart start, int choice, TextRunRules rules) : IDisposable
{
    private readonly ThinkSplitter _thoughts = new(start.Input.ThinksFirst);
    private readonly StopCutter _cutter = new(start.Input.EnforcedStops);
    private readonly List<ThoughtPiece> _pieces = [];
    private long _textBytes;

    public RunningPrediction Running => running;

    /// <summary>What it used; known once its choice is finished.</summary>
    public Usage? Usage { get; private set; }

    /// <summary>Pieces, then one <see cref="ChoiceFinished"/>; or a <see cref="ReplyFailed"/>. Throws only when <paramref name="cancel"/> is
    /// cancelled.</summary>
    public async IAsyncEnumerable<ReplyDelta> DeltasAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        using var owned = this;
        if (rules.Echo is { Length: > 0 } echo)
        {
            yield return new TextPiece(choice, echo);
        }

        TextFollower follower;
        for (var attempt = 0; ; attempt++)
        {
            follower = new TextFollower(running, rules.Blocking, rules.Deadline, rules.InPieces);
            await using (var texts = follower.FollowAsync(cancel).GetAsyncEnumerator(cancel))
            {
                while (!_cutter.Stopped && await texts.MoveNextAsync())
                {
                    _textBytes += Encoding.UTF8.GetByteCount(texts.Current);
                    _thoughts.Push(texts.Current, _pieces);
                    foreach (var piece in TakePieces())
                    {
                        yield return piece;
                    }
                }
            }

            if (attempt > 0 || !await StartAgainAsync(follower, cancel))
            {
                break;
            }
        }

        if (!_cutter.Stopped)
        {
            _thoughts.End(_pieces);
            foreach (var piece in TakePieces())
            {
                yield return piece;
            }

            if (_cutter.End() is { Length: > 0 } held)
            {
                yield return new TextPiece(choice, held);
            }
        }

        // Nobody needs the rest of a text that was cut at a stop sequence.
        running.Cancel();
        Usage = UsageOf(running.Latest);
        if (follower.Fault is not { } fault)
        {
            yield return new ChoiceFinished(choice, FinishOf(Usage));
        }
        else if (fault.Kind == FaultKind.ContentPolicy && _textBytes > 0)
        {
            yield return new ChoiceFinished(choice, FinishReason.ContentFilter);
        }
        else
        {
            // What ran is billed even if nothing came of it; tokens that nobody got are not guessed at.
            Usage = PredictionUsage.Metered(running.Latest);
            yield return new ReplyFailed(fault);
        }
    }

    public void Dispose() => running.Dispose();

    /// <summary>A failure of the moment before the first word deserves one more try. What the corridor tries again by itself is left to it.</summary>
    private async Task<bool> StartAgainAsync(TextFollower ended, CancellationToken cancel)
    {
        if (ended is not { Remedy: Remedy.RetryOnce, Fault.Rule.MayRetry: false } || _textBytes > 0 || rules.Again is null)
        {
            return false;
        }

        if ((await rules.Again(cancel)).Failed(out _, out var again))
        {
            return false;
        }

        running = again;
        return true;
    }

    private List<ReplyDelta> TakePieces()
    {
        var deltas = new List<ReplyDelta>(_pieces.Count);
        foreach (var piece in _pieces)
        {
            if (piece.Reasoning)
            {
                deltas.Add(new ReasoningPiece(choice, piece.Text));
            }
            else if (_cutter.Push(piece.Text) is { Length: > 0 } shown)
            {
                deltas.Add(new TextPiece(choice, shown));
            }
        }

        _pieces.Clear();
        return deltas;
    }

    /// <summary>Only a count that was reported can say that the limit was met; an estimate would guess.</summary>
    private FinishReason FinishOf(Usage usage) =>
        !_cutter.Stopped && !usage.Estimated && start.Input.EffectiveMaxTokens is { } most && usage.OutputTokens >= most
            ? FinishReason.Length
            : FinishReason.Stop;

    private Usage UsageOf(Prediction end) =>
        PredictionUsage.Of(end)
        ?? PredictionUsage.Metered(end) with
        {
            InputTokens = EstimatedTokens.Of(start.Input.PromptText),
            OutputTokens = EstimatedTokens.OfBytes(_textBytes),
            Estimated = true,
        };
}

/// <param name="Blocking">Creation waited for the result.</param>
/// <param name="Deadline">When the prediction's own deadline passes.</param>
/// <param name="InPieces">Somebody reads along: each piece is passed on as the model gave it.</param>
/// <param name="Echo">Text to put before the answer, or null.</param>
/// <param name="Again">Starts the same run once more; null when its prediction must stay the one it is.</param>
internal sealed record TextRunRules(
    bool Blocking,
    DateTimeOffset Deadline,
    bool InPieces,
    string? Echo,
    Func<CancellationToken, Task<Outcome<RunningPrediction>>>? Again
);
